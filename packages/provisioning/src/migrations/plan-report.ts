import type {
  MigrationCounts,
  MigrationPlan,
  MigrationReport,
  PlannedCount,
  PlannedTenant,
} from "@af-tenancy/core";
import type { Workplace } from "../workplace.ts";
import type { PlanCare } from "./plan-options.ts";

/** Tells how far a plan is. */
export async function planReport(
  { registry }: Workplace,
  plan: MigrationPlan,
): Promise<MigrationReport> {
  const waves = await registry.transaction(({ migrationPlans }) => migrationPlans.count(plan.id));
  const care = plan.options as unknown as PlanCare;
  const counts = countsOf(plan, waves);
  const isFailed = counts.failed + counts.quarantined > 0;
  return {
    plan,
    verdict: isFailed ? "failed" : counts.waiting > 0 ? "waiting" : "done",
    counts,
    left: await leftOf(registry, plan),
    stoppedAfter: counts.waiting > 0 ? stoppedWave(waves, care) : undefined,
  };
}

/** Tells whether too much of a wave failed for the waves after it. */
export function isWaveOver(
  waves: readonly PlannedCount[],
  wave: number,
  { maxFailedShare, stopAtFirst }: PlanCare,
): boolean {
  const own = waves.filter((count) => count.wave === wave);
  const failed = sum(own.filter(({ state }) => state === "failed" || state === "quarantined"));
  return stopAtFirst ? failed > 0 : failed > maxFailedShare * sum(own);
}

function stoppedWave(waves: readonly PlannedCount[], care: PlanCare): number | undefined {
  return waves.map(({ wave }) => wave).find((wave) => isWaveOver(waves, wave, care));
}

function countsOf({ upToDate }: MigrationPlan, waves: readonly PlannedCount[]): MigrationCounts {
  const of = (state: PlannedCount["state"]) => sum(waves.filter((count) => count.state === state));
  return {
    ...{ upToDate, done: of("done"), waiting: of("waiting") },
    ...{ failed: of("failed"), quarantined: of("quarantined") },
    ...{ skipped: of("skipped"), gone: of("gone") },
  };
}

function sum(counts: readonly PlannedCount[]): number {
  return counts.reduce((total, { tenants }) => total + tenants, 0);
}

async function leftOf(
  registry: Workplace["registry"],
  { id }: MigrationPlan,
): Promise<readonly PlannedTenant[]> {
  const left: PlannedTenant[] = [];
  for (let after = -1; ; ) {
    const filter = { states: ["failed", "quarantined", "skipped", "gone"], after } as const;
    const page = await registry.transaction(({ plannedTenants }) =>
      plannedTenants.list(id, filter),
    );
    left.push(...page);
    const last = page.at(-1);
    if (last === undefined) return left;
    after = last.position;
  }
}
