import type {
  MigrationPlan,
  MigrationPlanOptions,
  MigrationReport,
  PlannedTenant,
} from "@af-tenancy/core";
import type { Outcome } from "../command/define-command.ts";
import type { Session } from "../command/session.ts";
import { exitOf } from "../exit-codes.ts";
import type { MigrationOutput } from "../outputs/migration-output.ts";
import { measure } from "../tenants/measure.ts";
import { requireRegistry } from "../tenants/require-registry.ts";
import { tellFailures } from "../tenants/tell-failures.ts";
import { migrationTotals, tenantOfPlan } from "./describe-planned.ts";
import { plannedOf, slugsOf } from "./planned.ts";
import { showMigration } from "./show-migration.ts";

/** Writes a plan down in the name of whoever runs the command. */
export async function beginPlan(
  session: Session,
  options: MigrationPlanOptions,
): Promise<MigrationPlan> {
  const { tenancy, actor } = await session.application();
  return tenancy.central(() => tenancy.tenants.migrations.begin(options), { actor });
}

/** Migrates the tenants of a plan that are not done, tells of each meanwhile, and gives the outcome. */
export async function runPlan(
  session: Session,
  { id }: MigrationPlan,
  processes = 1,
): Promise<Outcome> {
  const { progress } = session;
  const cost = measure();
  const { tenancy, actor } = await session.application();
  const { migrations } = tenancy.tenants;
  const planned = await plannedOf(await requireRegistry(session), id);
  const slugOf = await slugsOf(tenancy, planned.map(idOf));
  const left = planned.filter(({ state }) => state === "waiting" || state === "failed").length;
  progress.tell(`0/${left}`);
  await tellFailures(session);
  let failed = 0;
  tenancy.events.on("migrationTurn", ({ tenant, isOver }) => {
    if (isOver) progress.done(tenant.tenantId);
    else progress.begin(tenant.tenantId, slugOf(tenant.tenantId));
  });
  tenancy.events.on("migrationProgress", ({ tenant, position }) => {
    if (tenant.state === "failed" || tenant.state === "quarantined") failed += 1;
    const failures =
      failed === 0 ? "" : `, ${session.catalogue.migrations.columns.failed}: ${failed}`;
    progress.tell(`${position}/${left}${failures}`);
  });
  const report = await tenancy.central(() => migrations.run(id, { concurrency: processes }), {
    actor,
  });
  return planOutcome(session, report, cost());
}

/** Gives the outcome that tells how far a plan is, or would be once who is quarantined was released. */
export async function planOutcome(
  session: Session,
  report: MigrationReport,
  cost: MigrationOutput["cost"],
  isReleased = false,
): Promise<MigrationOutcome> {
  const { plan, verdict, counts, stoppedAfter } = isReleased ? releasedReport(report) : report;
  const { tenancy } = await session.application();
  const planned = await plannedOf(await requireRegistry(session), plan.id);
  const slugOf = await slugsOf(tenancy, planned.map(idOf));
  const tenants = planned
    .map((one) => (isReleased && one.state === "quarantined" ? { ...one, ...released } : one))
    .map((one) => tenantOfPlan(one, slugOf(one.tenantId)));
  const value: MigrationOutput = {
    ...{ dryRun: session.settings.dryRun, plan: plan.id, direction: plan.direction },
    ...{ verdict, counts, stoppedAfter: stoppedAfter ?? null },
    migrations: migrationTotals(tenants),
    ...{ tenants, sql: [], consent: null, cost },
  };
  return {
    value,
    exit: exitOf({ done: counts.done, isWhole: verdict === "done" }),
    quiet: tenants.filter(({ state }) => state === "done").map(({ tenant }) => tenant),
    show: (print) => showMigration(print, session, value),
  };
}

/** The outcome of a command that migrates. */
interface MigrationOutcome extends Outcome {
  readonly value: MigrationOutput;
}

/** As a release leaves a tenant. */
const released = Object.freeze({ state: "waiting", result: undefined });

function releasedReport({ counts, ...report }: MigrationReport): MigrationReport {
  const { waiting, quarantined, failed } = counts;
  if (quarantined === 0) return { counts, ...report };
  return {
    ...{ ...report, verdict: failed > 0 ? "failed" : "waiting", stoppedAfter: undefined },
    counts: { ...counts, waiting: waiting + quarantined, quarantined: 0 },
  };
}

function idOf({ tenantId }: PlannedTenant): string {
  return tenantId;
}
