import {
  isTenancyError,
  type Maintenance,
  type MigrationRun,
  OperationInFlightError,
  type PlannedFailure,
  type PlannedResult,
  type PlannedState,
  type PlannedTenant,
  type RecordedSchema,
  type TenantRecord,
  tellFailure,
} from "@af-tenancy/core";
import { journalText } from "../journal-text.ts";
import { putMaintenance } from "../life/conditions.ts";
import { readAnew } from "../read-anew.ts";
import { type Fate, fateOf } from "./fate-of.ts";
import { keptStatement } from "./kept-statement.ts";
import type { Candidate, Outcome, PlanRun } from "./plan-run.ts";
import { plannedSharers } from "./planned-sharers.ts";
import { markTenant, remainingRequest } from "./remaining-request.ts";
import { sharedTablesOf } from "./shared-tables.ts";
import { withinLimits } from "./within-limits.ts";

/**
 * Migrates one tenant of a plan and tells what became of it: it is still `waiting` where it failed by what passes by
 * itself and may be tried again. Throws when the plan was lost or the process shuts down.
 */
export async function migrateTenant(
  run: PlanRun,
  candidate: Candidate,
  isLastTry: boolean,
): Promise<Outcome> {
  const { tenant } = candidate;
  let { planned } = candidate;
  run.lease.signal.throwIfAborted();
  if (tenant === undefined || tenant.status === "deleting") return left(candidate, "gone");
  if (tenant.placement === undefined) return left(candidate, "skipped");
  try {
    const { busyWith } = candidate;
    if (busyWith !== undefined) throw new OperationInFlightError(tenant.id, busyWith);
    if (isKnownUpToDate(run, tenant)) {
      const { schemaVersion } = tenant;
      return done(tenant, planned, { ...unmoved, before: schemaVersion, after: schemaVersion });
    }
    planned = await markTenant(run, tenant, planned);
    return done(tenant, planned, await migrate(run, tenant, planned));
  } catch (error) {
    run.lease.signal.throwIfAborted();
    return failed(run, { ...candidate, planned, tenant }, error, isLastTry);
  }
}

/** Another run, or another plan, has brought it there since this one was made. */
function isKnownUpToDate({ migrations, plan, care }: PlanRun, tenant: TenantRecord): boolean {
  return plan.direction === "up" && !care.force && !migrations.isBehind(tenant);
}

async function migrate(
  run: PlanRun,
  tenant: TenantRecord,
  planned: PlannedTenant,
): Promise<MigrationRun> {
  const { maintenance } = run.care;
  const wasUp = tenant.maintenance === undefined && mayBeClosed(tenant);
  if (maintenance !== undefined && wasUp) {
    await putMaintenance(run.workplace, tenant.id, maintenance, { reason: "migration" });
  }
  const work = () => migrateTables(run, tenant, planned);
  const shared = sharedTablesOf(tenant);
  const moved = shared === undefined ? await work() : await migrateShared(run, shared, work);
  // An earlier attempt may have set it; what somebody else has set is not ended.
  const isOwn = JSON.stringify(tenant.maintenance) === JSON.stringify(maintenance);
  if (maintenance !== undefined && (wasUp || isOwn)) {
    await putMaintenance(run.workplace, tenant.id, undefined, { reason: "migration" });
  }
  return moved;
}

function migrateTables(
  run: PlanRun,
  tenant: TenantRecord,
  planned: PlannedTenant,
): Promise<MigrationRun> {
  const { lockMs, statementMs } = run.care;
  const limits = {
    ...(lockMs !== undefined && { lockMs }),
    ...(statementMs !== undefined && { statementMs }),
  };
  return withinLimits(run, tenant, async (signal) => {
    const request = await remainingRequest(run, tenant, planned);
    if (request !== undefined) return run.migrations.run(tenant, { ...request, ...limits, signal });
    const { version } = await run.migrations.status(tenant);
    return { ...unmoved, before: version, after: version };
  });
}

/** Whoever shares the tables is down before the first of their migrations, not only when its turn comes. */
function migrateShared(
  run: PlanRun,
  shared: string,
  work: () => Promise<MigrationRun>,
): Promise<MigrationRun> {
  const { maintenance } = run.care;
  return run.shared.migrate(shared, async () => {
    if (maintenance !== undefined) await closeSharers(run, shared, maintenance);
    return work();
  });
}

/** One that was in maintenance already stays so. */
async function closeSharers(run: PlanRun, shared: string, maintenance: Maintenance): Promise<void> {
  const { workplace } = run;
  const ids = (await plannedSharers(run, shared))
    .filter(({ state }) => state !== "done" && state !== "gone")
    .map(({ tenantId }) => tenantId);
  const { tenants } = await readAnew(workplace.registry, ids);
  for (const tenant of tenants.values()) {
    if (tenant.maintenance !== undefined || !mayBeClosed(tenant)) continue;
    await putMaintenance(workplace, tenant.id, maintenance, { reason: "migration" });
  }
}

function mayBeClosed({ status }: TenantRecord): boolean {
  return status !== "deleted" && status !== "deleting";
}

const unmoved = { migrations: [] } as const;

function done(tenant: TenantRecord, planned: PlannedTenant, moved: MigrationRun): Outcome {
  const result = resultOf(moved, undefined);
  return {
    planned: { ...planned, state: "done", attempts: planned.attempts + 1, result },
    schema: schemaOf(tenant, moved.after),
  };
}

async function failed(
  run: PlanRun,
  { planned, tenant, busyWith }: Candidate & { readonly tenant: TenantRecord },
  error: unknown,
  isLastTry: boolean,
): Promise<Outcome> {
  const now = await run.workplace.registry.store.find({ by: "id", value: tenant.id });
  if (now === undefined || now.status === "deleting") return left({ planned }, "gone");
  const fate = fateOf(error);
  const attempts = planned.attempts + 1;
  if (fate === "again" && !isLastTry) {
    return { planned: { ...planned, state: "waiting", attempts }, schema: undefined };
  }
  if (busyWith === undefined) await tellFailure(run.workplace, error, tenant.id);
  const status = await run.migrations.status(tenant).catch(() => undefined);
  const after = status === undefined ? tenant.schemaVersion : status.version;
  const progress = { before: tenant.schemaVersion, after, migrations: [] };
  return {
    planned: {
      ...planned,
      state: busyWith === undefined ? states[fate] : "skipped",
      attempts,
      result: resultOf(progress, failureOf(error)),
    },
    schema: status === undefined ? undefined : schemaOf(tenant, after),
  };
}

const states: Readonly<Record<Fate, PlannedState>> = {
  again: "failed",
  later: "failed",
  quarantine: "quarantined",
};

function failureOf(error: unknown): PlannedFailure {
  const { code, migration, sql } = isTenancyError(error)
    ? (error as { code: string; migration?: unknown; sql?: unknown })
    : { code: "ERROR", migration: undefined, sql: undefined };
  return {
    code,
    message: messageOf(error),
    migration: typeof migration === "string" ? migration : undefined,
    sql: typeof sql === "string" ? keptStatement(sql) : undefined,
  };
}

/** Of what the database said only its code is kept, as in the journal; the event `failure` has told the rest. */
function messageOf(error: unknown): string {
  const { cause } = Object(error) as { readonly cause?: unknown };
  const own = journalText("migrate", error);
  return cause === undefined ? own : `${own} (${journalText("cause", cause)})`;
}

function resultOf(
  { before, after, migrations }: MigrationRun,
  failure: PlannedFailure | undefined,
): PlannedResult {
  const timed = migrations.map(({ name, milliseconds }) => ({ name, milliseconds }));
  return { before, after, migrations: timed, failure };
}

function schemaOf({ id, placement }: TenantRecord, version: string | undefined): RecordedSchema {
  return { tenantId: id, generation: placement?.generation ?? 0, version };
}

function left({ planned }: Pick<Candidate, "planned">, state: "gone" | "skipped"): Outcome {
  const [code, message] = reasons[state];
  const failure = { code, message, migration: undefined, sql: undefined };
  const result = { before: undefined, after: undefined, migrations: [], failure };
  return { planned: { ...planned, state, result }, schema: undefined };
}

const reasons = {
  gone: ["TENANT_NOT_FOUND", "It was purged after the plan was made."],
  skipped: ["NO_DATABASE", "It has no database of its own."],
} as const;
