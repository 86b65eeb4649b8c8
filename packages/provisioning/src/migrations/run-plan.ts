import {
  type MigrationReport,
  type MigrationRunOptions,
  outsideTenancy,
  type PlannedTenant,
} from "@af-tenancy/core";
import { tellWatchers } from "../tell-watchers.ts";
import type { Workplace } from "../workplace.ts";
import { candidatesAgain, candidatesOf } from "./candidates.ts";
import { eachOf } from "./each-of.ts";
import { migrateTenant } from "./migrate-tenant.ts";
import { PlanLease } from "./plan-lease.ts";
import { checkedConcurrency, type PlanCare } from "./plan-options.ts";
import { isWaveOver, planReport } from "./plan-report.ts";
import type { Candidate, PlanRun } from "./plan-run.ts";
import { requireMigrations } from "./require-migrations.ts";
import { requirePlan } from "./require-plan.ts";
import { ResultWriter } from "./result-writer.ts";
import { retryPause } from "./retry-pause.ts";
import { SharedWork } from "./shared-work.ts";

/** Migrates the tenants of a plan that are not done, wave after wave. */
export async function runPlan(
  workplace: Workplace,
  planId: string,
  options?: MigrationRunOptions,
): Promise<MigrationReport> {
  const concurrency = checkedConcurrency(options);
  const migrations = requireMigrations(workplace);
  const plan = await requirePlan(workplace, planId);
  const care = plan.options as unknown as PlanCare;
  const lease = await PlanLease.take(workplace, plan.id);
  try {
    const run = { workplace, migrations, plan, care, lease, shared: new SharedWork() };
    await outsideTenancy(() => runWaves(run, concurrency));
  } finally {
    await lease.end();
  }
  const report = await planReport(workplace, plan);
  await workplace.events.emit("migrationEnded", { report });
  return report;
}

async function runWaves(run: PlanRun, concurrency: number): Promise<void> {
  const { registry } = run.workplace;
  const count = () =>
    registry.transaction(({ migrationPlans }) => migrationPlans.count(run.plan.id));
  const waves = new Set((await count()).map(({ wave }) => wave));
  const writer = new ResultWriter(run);
  for (const wave of waves) {
    await runWave(run, wave, concurrency, writer);
    if (isWaveOver(await count(), wave, run.care)) return;
  }
}

/** What fails by something that passes comes again after all others, later each time. */
async function runWave(
  run: PlanRun,
  wave: number,
  concurrency: number,
  writer: ResultWriter,
): Promise<void> {
  const { clock } = run.workplace;
  const { retries, stopAtFirst } = run.care;
  let queue: AsyncIterable<Candidate> = candidatesOf(run, wave);
  let isStopped = false;
  for (let round = 0; ; round += 1) {
    const again: PlannedTenant[] = [];
    const visit = async (candidate: Candidate) => {
      await tellTurn(run, candidate.planned, false);
      const outcome = await migrateTenant(run, candidate, round === retries);
      await tellTurn(run, outcome.planned, true);
      const { state } = outcome.planned;
      if (state === "waiting") {
        again.push(outcome.planned);
        return;
      }
      isStopped ||= stopAtFirst && (state === "failed" || state === "quarantined");
      await writer.add(outcome);
    };
    try {
      await eachOf(queue, concurrency, visit, () => isStopped);
    } finally {
      await writer.flush();
    }
    if (again.length === 0) return;
    await clock.sleep(retryPause(round + 1), run.lease.signal);
    run.shared.again();
    queue = candidatesAgain(run, again);
  }
}

function tellTurn({ workplace, plan }: PlanRun, tenant: PlannedTenant, isOver: boolean) {
  return tellWatchers(workplace, "migrationTurn", { plan, tenant, isOver }, tenant.tenantId);
}
