import type { MigrationRequest, MigrationStatus, PlannedMark, Tenant } from "@af-tenancy/core";
import type { Candidate, PlanRun } from "./plan-run.ts";

/**
 * Gives what is left to do of a tenant's part of a plan; `undefined` where an earlier attempt has done it all. Running
 * all that is pending may simply be repeated. Of everything else a mark is written first, so that a crash before the
 * result is written leads to nothing being done twice.
 */
export async function remainingRequest(
  run: PlanRun,
  tenant: Tenant,
  { planned }: Candidate,
): Promise<Pick<MigrationRequest, "direction" | "steps"> | undefined> {
  const { direction } = run.plan;
  const { steps } = run.care;
  if (direction === "up" && steps === undefined) return { direction };
  const status = await run.migrations.status(tenant);
  const mark = planned.mark ?? (await writeMark(run, { planned, status }));
  if (direction === "fresh") {
    const isBegun = planned.mark !== undefined && isFreshSince(mark, status);
    return { direction: isBegun ? "up" : "fresh" };
  }
  const moved = Math.abs(status.applied.length - mark.applied);
  const left = (steps ?? 1) - moved;
  return left > 0 ? { direction, steps: left } : undefined;
}

async function writeMark(
  { lease, plan }: PlanRun,
  { planned, status }: Pick<Candidate, "planned"> & { readonly status: MigrationStatus },
): Promise<PlannedMark> {
  const latest = Math.max(0, ...status.applied.map(({ at }) => at));
  const mark = { applied: status.applied.length, latest };
  await lease.commit(({ plannedTenants }) => plannedTenants.save(plan.id, [{ ...planned, mark }]));
  return mark;
}

/** All that the database has was run after its mark was written, so its tables were removed already. */
function isFreshSince({ applied, latest }: PlannedMark, status: MigrationStatus): boolean {
  const isYounger = status.applied.every(({ at }) => at > latest);
  return isYounger && (status.applied.length > 0 || applied > 0);
}
