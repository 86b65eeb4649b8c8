import type { PlannedTenant } from "@af-tenancy/core";
import { everyStatus } from "../read-anew.ts";
import type { PlanRun } from "./plan-run.ts";
import { sharedTablesOf } from "./shared-tables.ts";

/** Reads who of a plan shares these tables, whatever became of them, page by page. */
export async function plannedSharers(
  { workplace: { registry }, plan }: PlanRun,
  shared: string,
): Promise<readonly PlannedTenant[]> {
  const sharers: PlannedTenant[] = [];
  for (let after = -1; ; ) {
    const page = await registry.transaction(({ plannedTenants }) =>
      plannedTenants.list(plan.id, { after }),
    );
    const last = page.at(-1);
    if (last === undefined) return sharers;
    after = last.position;
    const byId = new Map(page.map((planned) => [planned.tenantId, planned]));
    const filter = { ids: [...byId.keys()], statuses: everyStatus };
    for await (const tenant of registry.store.list(filter)) {
      const planned = byId.get(tenant.id);
      if (planned !== undefined && sharedTablesOf(tenant) === shared) sharers.push(planned);
    }
  }
}
