import type { MaybePromise } from "../maybe-promise.ts";
import type { TenantReference } from "./tenant.ts";

/** Finds out which tenant a request is meant for, from the request alone. */
export interface TenantResolver {
  /** Unique among the resolvers of a tenancy; named in errors. */
  readonly name: string;
  /**
   * What in the request it believes although anybody can set it, such as `the header "X-Tenant"`. `createTenancy`
   * refuses a resolver that has this, until `trusted` says why it may be believed.
   */
  readonly spoofable?: string | undefined;
  /** Headers of requests on which its answers depend, `Host` apart; shared caches are told, none when absent. */
  readonly varies?: readonly string[] | undefined;
  /** Answers without I/O on the registry; throws a `TenancyError` on bad input, `undefined` is no opinion. */
  resolve(
    request: TenancyRequest,
    central: CentralDomains,
  ): MaybePromise<TenantResolution | undefined>;
}

/**
 * What a resolver found: candidates of which the first that exists wins, the central application, what can name nobody
 * (answered like an unknown tenant, 404), or opinions that all have to mean the same tenant.
 */
export type TenantResolution =
  | {
      readonly kind: "tenant";
      readonly candidates: readonly TenantReference[];
      /** The request target as handlers are to see it, without what named the tenant; unchanged when absent. */
      readonly url?: string;
      /** Somebody signed for the tenant, as in a token: where others mean another one, that is 401 and not 400. */
      readonly isCredential?: boolean;
    }
  | { readonly kind: "nobody"; readonly reference: TenantReference }
  | { readonly kind: "central" }
  | { readonly kind: "strict"; readonly opinions: readonly ResolverOpinion[] };

/** What one of several resolvers found. */
export interface ResolverOpinion {
  /** The name of the resolver. */
  readonly resolver: string;
  readonly resolution: TenantResolution;
}

/** A request as every framework can give it, before anything was decoded. */
export interface TenancyRequest {
  /** Upper case, such as `GET`. */
  readonly method: string;
  /** The request target as it was sent, such as `/notes?page=2`. */
  readonly url: string;
  /** Names and values in turn, as they were sent; nothing joined, nothing dropped. */
  readonly rawHeaders: readonly string[];
  /** Address of the peer of the connection; `undefined` once it is gone. */
  readonly remoteAddress: string | undefined;
  /** The framework's own: Express's request, Koa's context, Fastify's request; for what only it has, such as a session. */
  readonly source?: unknown;
}

/** The host names that belong to the central application and to no tenant. */
export interface CentralDomains {
  /** The canonical host names. */
  readonly names: readonly string[];
  /** Where they change: another set after each change, which is what resolvers get and may remember answers for. */
  readonly current?: CentralDomains;
  /** Tells whether a canonical host name is central. */
  has(host: string): boolean;
}
