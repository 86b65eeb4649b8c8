import type { CentralRegistry, RegisteredDomain, TenantRecord } from "@af-tenancy/core";
import type { KeptReference } from "./tenant-keys.ts";

/** What a warm-up did. */
export interface WarmReport {
  /** Active tenants that were read. */
  readonly tenants: number;
  /** How many of them are in memory now: at most `maxTenants`. */
  readonly inMemory: number;
  /** Their slugs and verified domains. */
  readonly references: number;
  readonly milliseconds: number;
}

/** A tenant and everything that leads to it. */
export interface NamedTenant {
  readonly tenant: TenantRecord;
  readonly references: readonly KeptReference[];
}

/** Gives all active tenants with their slugs and verified domains, many at a time. */
export async function* namedTenants(
  registry: CentralRegistry,
): AsyncGenerator<readonly NamedTenant[]> {
  let page: TenantRecord[] = [];
  for await (const tenant of registry.store.list({ statuses: ["active"] })) {
    page.push(tenant);
    if (page.length < pageSize) continue;
    yield named(registry, page);
    page = [];
  }
  if (page.length > 0) yield named(registry, page);
}

const pageSize = 500;

async function named(
  registry: CentralRegistry,
  tenants: readonly TenantRecord[],
): Promise<readonly NamedTenant[]> {
  const tenantIds = tenants.map(({ id }) => id);
  const filter = { tenantIds, verified: true, limit: Number.MAX_SAFE_INTEGER };
  const domains = await registry.transaction((transaction) => transaction.domains.list(filter));
  const owned = new Map<string, RegisteredDomain[]>();
  for (const domain of domains) {
    const own = owned.get(domain.tenantId);
    if (own === undefined) owned.set(domain.tenantId, [domain]);
    else own.push(domain);
  }
  return tenants.map((tenant) => ({
    tenant,
    references: [
      { by: "slug", value: tenant.slug },
      ...(owned.get(tenant.id) ?? []).map(({ name }) => ({ by: "domain", value: name }) as const),
    ],
  }));
}
