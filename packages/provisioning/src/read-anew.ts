import type { CentralRegistry, TenantRecord, TenantStatus } from "@af-tenancy/core";

/** Tenants as the registry has them now. */
export interface TenantsNow {
  /** By id; those that are gone are not there. */
  readonly tenants: ReadonlyMap<string, TenantRecord>;
  /** The kinds of the operations that are open, by the id of their tenant. */
  readonly busyWith: ReadonlyMap<string, string>;
}

/** Reads some tenants, whatever their status, and what is under way, with two queries. */
export async function readAnew(
  registry: CentralRegistry,
  ids: readonly string[],
): Promise<TenantsNow> {
  const open = await registry.transaction(({ operations }) => operations.unfinished());
  const busyWith = new Map(open.map(({ tenantId, kind }) => [tenantId, kind]));
  const tenants = new Map<string, TenantRecord>();
  for await (const tenant of registry.store.list({ ids, statuses: everyStatus })) {
    tenants.set(tenant.id, tenant);
  }
  return { tenants, busyWith };
}

/** Whoever a tenant may be. */
export const everyStatus: readonly TenantStatus[] = [
  ...(["provisioning", "pending", "active", "inactive", "suspended"] as const),
  ...(["blocked", "archived", "deleting", "deleted", "failed"] as const),
];
