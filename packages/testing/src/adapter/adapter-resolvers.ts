import type { KeyRing, Tenancy, TenancyRequest, Tenant, TenantResolver } from "@af-tenancy/core";

/** The resolvers with which the contract has tenants named in every way; what `@af-tenancy/resolvers` exports. */
export interface AdapterResolvers {
  domainResolver(): TenantResolver;
  subdomainResolver(options: { readonly domain: string }): TenantResolver;
  domainOrSubdomainResolver(options: { readonly domain: string }): TenantResolver;
  wildcardDomainResolver(): TenantResolver;
  pathResolver(options: {
    readonly routes: readonly string[];
    readonly parameter?: string;
    readonly attributes?: readonly string[];
    readonly strip?: boolean;
  }): TenantResolver;
  headerResolver(options: { readonly header: string; readonly by?: string }): TenantResolver;
  queryResolver(options: { readonly parameter: string; readonly by?: string }): TenantResolver;
  cookieResolver(options: { readonly cookie: string; readonly keys?: KeyRing }): TenantResolver;
  sealTenantCookie(keys: KeyRing, cookie: string, value: string): string;
  originResolver(hosts: TenantResolver): TenantResolver;
  claimResolver(options: {
    readonly key: Uint8Array;
    readonly algorithms: readonly string[];
  }): TenantResolver;
  sessionResolver(): TenantResolver;
  customResolver(options: {
    readonly name: string;
    readonly find: (request: TenancyRequest) => string | undefined;
  }): TenantResolver;
  behindProxy(
    resolver: TenantResolver,
    options: { readonly peers: readonly string[] },
  ): TenantResolver;
  firstOf(...resolvers: readonly TenantResolver[]): TenantResolver;
  strict(...resolvers: readonly TenantResolver[]): TenantResolver;
  tenantOrigins(
    tenancy: Tenancy<Tenant>,
    options: {
      readonly hosts: TenantResolver;
      readonly also?: (tenant: Tenant) => readonly string[];
    },
  ): (origin: string | undefined) => Promise<boolean>;
  trusted(resolver: TenantResolver, options: { readonly anyone: string }): TenantResolver;
}
