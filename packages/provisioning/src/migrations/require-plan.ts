import { type MigrationPlan, MigrationPlanNotFoundError } from "@af-tenancy/core";
import { refuse } from "../refuse.ts";
import type { Workplace } from "../workplace.ts";

/** Reads a plan; throws `MigrationPlanNotFoundError` and `InvalidInputError`. */
export async function requirePlan({ registry }: Workplace, id: unknown): Promise<MigrationPlan> {
  if (typeof id !== "string") refuse("planId", id, "give the id of a plan");
  const plan = await registry.transaction(({ migrationPlans }) => migrationPlans.find(id));
  if (plan === undefined) throw new MigrationPlanNotFoundError(id);
  return plan;
}
