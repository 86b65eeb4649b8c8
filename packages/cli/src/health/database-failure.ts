import type { TenantRecord, TenantStore } from "@af-tenancy/core";

/** Looks at the database of a tenant; `undefined` where it is well. */
type Inspect = (tenant: TenantRecord) => Promise<string | undefined>;

/**
 * Gives what is wrong with a tenant's database: nothing where the tenant was purged, or is being purged, while it was looked
 * at; one that was changed meanwhile is looked at again.
 */
export async function databaseFailure(
  store: Pick<TenantStore<TenantRecord>, "find">,
  tenant: TenantRecord,
  inspect: Inspect,
): Promise<string | undefined> {
  const failure = await inspect(tenant);
  if (failure === undefined) return undefined;
  const now = await store.find({ by: "id", value: tenant.id });
  if (now === undefined || now.status === "deleting") return undefined;
  if (now.version === tenant.version) return failure;
  return databaseFailure(store, now, inspect);
}
