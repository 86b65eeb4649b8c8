import type { JsonValue, MigrationPlan, MigrationPlanOptions } from "@af-tenancy/core";
import { v7 } from "uuid";
import { certainTransaction } from "../certain-transaction.ts";
import type { Workplace } from "../workplace.ts";
import { checkedPlan } from "./plan-options.ts";
import { planWaves } from "./plan-waves.ts";
import { selectTenants } from "./select-tenants.ts";

/** Writes down which tenants are to be migrated and in which order. */
export async function beginPlan(
  workplace: Workplace,
  options?: MigrationPlanOptions,
): Promise<MigrationPlan> {
  const checked = checkedPlan(workplace, options);
  const selection = await selectTenants(workplace, checked);
  const { upToDate } = selection;
  const tenants = await planWaves(workplace, checked, selection.tenants);
  const id = v7();
  const plan = {
    ...{ id, direction: checked.direction, upToDate, actor: workplace.actor() },
    options: checked.care as unknown as JsonValue,
  };
  return certainTransaction(
    workplace,
    ({ migrationPlans }) => migrationPlans.insert(plan, tenants),
    ({ migrationPlans }) => migrationPlans.find(id),
  );
}
