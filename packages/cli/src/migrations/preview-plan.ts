import type { MigrationPlanOptions } from "@af-tenancy/core";
import type { Outcome } from "../command/define-command.ts";
import type { Session } from "../command/session.ts";
import { exitOf } from "../exit-codes.ts";
import type { MigrationOutput } from "../outputs/migration-output.ts";
import { factsOf } from "../report-error.ts";
import { measure } from "../tenants/measure.ts";
import { slugsOf } from "./planned.ts";
import { showSql } from "./show-migration.ts";

/** Gives the SQL that a plan would send now, and changes nothing. */
export async function previewPlan(
  session: Session,
  options: MigrationPlanOptions,
  consent: string | null = null,
): Promise<Outcome> {
  const { catalogue } = session;
  const cost = measure();
  const { tenancy } = await session.application();
  const previews = await tenancy.tenants.migrations.preview(options);
  const slugOf = await slugsOf(
    tenancy,
    previews.flatMap(({ tenants }) => tenants),
  );
  const sql = previews.map(({ migrations, sql: statements, tenants, error }) => ({
    ...{
      migrations: [...migrations],
      statements: statements === undefined ? null : [...statements],
    },
    tenants: tenants.map(slugOf),
    error: error === undefined ? null : shortOf(factsOf(error, catalogue)),
  }));
  const read = sql.filter(({ error }) => error === null);
  const value: MigrationOutput = {
    ...emptyOutput(options.direction),
    ...{ dryRun: true, verdict: sql.length === 0 ? "done" : "waiting", sql, consent, cost: cost() },
  };
  return {
    value,
    exit: exitOf({ done: read.length, isWhole: read.length === sql.length }),
    quiet: consent === null ? read.flatMap(({ tenants }) => tenants) : [consent],
    show: (print) => showSql(print, session, value),
  };
}

/** Gives the outcome where nobody is meant. */
export function nobodyMeant(
  { settings, catalogue }: Session,
  direction: MigrationPlanOptions["direction"],
): Outcome {
  const { dryRun } = settings;
  return {
    value: { ...emptyOutput(direction), dryRun, cost: measure()() },
    quiet: [],
    show: (print) => print.line(catalogue.words.nobody, "dim"),
  };
}

function emptyOutput(
  direction: MigrationPlanOptions["direction"] = "up",
): Omit<MigrationOutput, "dryRun" | "cost"> {
  return {
    ...{ plan: null, direction, verdict: "done", counts: null, stoppedAfter: null },
    ...{ migrations: [], tenants: [], sql: [], consent: null },
  };
}

function shortOf({ code, message }: { readonly code: string; readonly message: string }) {
  return { code, message };
}
