import type { PlannedTenant, TenantReference } from "@af-tenancy/core";
import type { Workplace } from "../workplace.ts";
import { PlanLease } from "./plan-lease.ts";
import { checkedReferences } from "./plan-options.ts";
import { requirePlan } from "./require-plan.ts";
import { named } from "./select-tenants.ts";
import { selected, withSharers } from "./shared-tables.ts";

/**
 * Lets quarantined tenants be migrated by the next run of their plan, with those that share tables with them, and gives
 * how many there are.
 */
export async function releaseTenants(
  workplace: Workplace,
  planId: string,
  tenants?: readonly TenantReference[],
): Promise<number> {
  const { id } = await requirePlan(workplace, planId);
  const references = tenants && checkedReferences("tenants", tenants);
  const found = references && (await named(workplace, "tenants", references));
  const meant = found && (await withSharers(workplace, found.map(selected)));
  const only = meant && { tenantIds: meant.map((tenant) => tenant.id) };
  const lease = await PlanLease.take(workplace, id);
  try {
    return await lease.commit(async ({ plannedTenants }) => {
      let released = 0;
      for (;;) {
        // What is released is not in the next page any more.
        const filter = { states: ["quarantined"], ...only } as const;
        const page = await plannedTenants.list(id, filter);
        if (page.length === 0) return released;
        await plannedTenants.save(id, page.map(waiting));
        released += page.length;
      }
    });
  } finally {
    await lease.end();
  }
}

function waiting(tenant: PlannedTenant): PlannedTenant {
  return { ...tenant, state: "waiting", result: undefined };
}
