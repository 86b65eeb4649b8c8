import type {
  MigrationRequest,
  MigrationStatus,
  PlannedMark,
  PlannedTenant,
  Tenant,
} from "@af-tenancy/core";
import type { PlanRun } from "./plan-run.ts";
import { plannedSharers } from "./planned-sharers.ts";
import { sharedTablesOf } from "./shared-tables.ts";

/**
 * Writes down how far a tenant is before its first statement, unless an earlier attempt has: without it a crash before
 * the result is written would lead to something being done twice. Running all that is pending may simply be repeated.
 */
export async function markTenant(
  run: PlanRun,
  tenant: Tenant,
  planned: PlannedTenant,
): Promise<PlannedTenant> {
  if (isRepeatable(run) || planned.mark !== undefined) return planned;
  const shared = sharedTablesOf(tenant);
  if (shared !== undefined) {
    const mark = await run.shared.mark(
      shared,
      async () => (await earlierMark(run, shared)) ?? writeMark(run, tenant, planned),
    );
    return { ...planned, mark };
  }
  return { ...planned, mark: await writeMark(run, tenant, planned) };
}

/** The mark of one tenant holds for all that share its tables: whoever comes first after a crash goes on from it. */
async function earlierMark(run: PlanRun, shared: string): Promise<PlannedMark | undefined> {
  const sharers = await plannedSharers(run, shared);
  return sharers.find(({ mark }) => mark !== undefined)?.mark;
}

async function writeMark(
  run: PlanRun,
  tenant: Tenant,
  planned: PlannedTenant,
): Promise<PlannedMark> {
  const { applied } = await run.migrations.status(tenant);
  const mark = { applied: applied.length, latest: Math.max(0, ...applied.map(({ at }) => at)) };
  const marked = { ...planned, mark };
  await run.lease.commit(({ plannedTenants }) => plannedTenants.save(run.plan.id, [marked]));
  return mark;
}

/** Gives what is left to do of a tenant's part of a plan; `undefined` where an earlier attempt has done it all. */
export async function remainingRequest(
  run: PlanRun,
  tenant: Tenant,
  { mark }: PlannedTenant,
): Promise<Pick<MigrationRequest, "direction" | "steps"> | undefined> {
  const { direction } = run.plan;
  if (isRepeatable(run) || mark === undefined) return { direction };
  const status = await run.migrations.status(tenant);
  if (direction === "fresh") return { direction: isFreshSince(mark, status) ? "up" : "fresh" };
  const moved = Math.abs(status.applied.length - mark.applied);
  const left = (run.care.steps ?? 1) - moved;
  return left > 0 ? { direction, steps: left } : undefined;
}

function isRepeatable({ plan, care }: PlanRun): boolean {
  return plan.direction === "up" && care.steps === undefined;
}

/** All that the database has was run after its mark was written, so its tables were removed already. */
function isFreshSince({ applied, latest }: PlannedMark, status: MigrationStatus): boolean {
  const isYounger = status.applied.every(({ at }) => at > latest);
  return isYounger && (status.applied.length > 0 || applied > 0);
}
