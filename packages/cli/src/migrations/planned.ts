import type { CentralRegistry, PlannedTenant, Tenancy, TenantStatus } from "@af-tenancy/core";

/** Reads all tenants of a plan, in their order. */
export async function plannedOf(
  registry: CentralRegistry,
  planId: string,
): Promise<readonly PlannedTenant[]> {
  const found: PlannedTenant[] = [];
  for (let after = -1; ; ) {
    const page = await registry.transaction((transaction) =>
      transaction.plannedTenants.list(planId, { after }),
    );
    found.push(...page);
    const last = page.at(-1);
    if (last === undefined) return found;
    after = last.position;
  }
}

/** Gives the slugs of tenants by their ids; who is gone keeps his id. */
export async function slugsOf(
  { store }: Tenancy,
  ids: readonly string[],
): Promise<(id: string) => string> {
  const slugs = new Map<string, string>();
  for (let from = 0; from < ids.length; from += atATime) {
    const filter = { ids: ids.slice(from, from + atATime), statuses: everyStatus };
    for await (const { id, slug } of store.list(filter)) slugs.set(id, slug);
  }
  return (id) => slugs.get(id) ?? id;
}

const atATime = 500;

const everyStatus = Object.freeze([
  ...(["provisioning", "pending", "active", "inactive", "suspended"] as const),
  ...(["blocked", "archived", "deleting", "deleted", "failed"] as const),
]) satisfies readonly TenantStatus[];
