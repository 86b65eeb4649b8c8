import type { TenantStore } from "../contracts/store.ts";
import type { Tenant } from "../contracts/tenant.ts";
import { ConfigurationError } from "../errors/configuration-errors.ts";
import { checkKnownOptions } from "../known-options.ts";
import { listTenants } from "./list-tenants.ts";

/** How the tenants of a memory store are found besides by id and slug. */
export interface MemoryStoreOptions<T extends Tenant> {
  /** Properties with unique string values by which a tenant may be found. */
  readonly attributes?: readonly (keyof T & string)[];
  /** Gives the id of the tenant to which a verified domain leads. */
  readonly domains?: ReadonlyMap<string, string> | ((domain: string) => string | undefined);
}

/**
 * Keeps a fixed list of tenants, of the application's own class if it has one; every look-up is synchronous. Throws
 * `ConfigurationError` when two tenants share an id, a slug or a declared attribute, or an option is unknown.
 *
 * @example memoryStore([acme, globex], { domains: new Map([["acme.example.com", acme.id]]) })
 */
export function memoryStore<T extends Tenant>(
  tenants: Iterable<T>,
  options: MemoryStoreOptions<T> = {},
): TenantStore<T> {
  checkKnownOptions<MemoryStoreOptions<T>>("memoryStore", options, {
    attributes: true,
    domains: true,
  });
  const { attributes = [], domains = new Map() } = options;
  const listed = [...tenants];
  const indexes = new Map<string, ReadonlyMap<string, T>>();
  for (const attribute of ["id", "slug", ...attributes] as const) {
    indexes.set(attribute, indexBy(listed, attribute));
  }
  const byId = indexes.get("id");
  if (typeof domains !== "function") indexes.set("domain", joined(domains, byId));

  return {
    find({ by, value }) {
      if (by !== "domain" || typeof domains !== "function") return indexes.get(by)?.get(value);
      const id = domains(value);
      return id === undefined ? undefined : byId?.get(id);
    },
    list: (filter) => listTenants(() => listed, filter),
  };
}

function indexBy<T extends Tenant>(
  tenants: readonly T[],
  attribute: keyof T & string,
): ReadonlyMap<string, T> {
  if (attribute === "domain") {
    throw new ConfigurationError("attributes", '"domain"', "name the domains in { domains }.");
  }
  const index = new Map<string, T>();
  for (const tenant of tenants) {
    const value = tenant[attribute];
    if (typeof value !== "string") continue;
    if (index.has(value)) {
      throw new ConfigurationError(
        "tenants",
        `a list with two tenants whose ${attribute} is "${value}"`,
        "make it unique.",
      );
    }
    index.set(value, tenant);
  }
  return index;
}

function joined<T>(
  domains: ReadonlyMap<string, string>,
  byId: ReadonlyMap<string, T> | undefined,
): ReadonlyMap<string, T> {
  const index = new Map<string, T>();
  for (const [domain, id] of domains) {
    const tenant = byId?.get(id);
    if (tenant !== undefined) index.set(domain, tenant);
  }
  return index;
}
