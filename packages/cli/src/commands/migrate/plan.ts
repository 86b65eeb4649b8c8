import { defineCommand } from "../../command/define-command.ts";
import { on, whole } from "../../command/flags.ts";
import { planFlags, selectionFlags } from "../../command/shared-flags.ts";
import { exitCodes } from "../../exit-codes.ts";
import { planUp } from "../../migrations/plan-up.ts";
import { beginPlan, planOutcome } from "../../migrations/run-plan.ts";
import { measure } from "../../tenants/measure.ts";

/** `migrate plan`: writes down who is to be migrated, and migrates nobody yet. */
export const migratePlan = defineCommand({
  path: "migrate plan",
  kind: "changes",
  arguments: {},
  flags: {
    ...selectionFlags,
    skipFailing: on(),
    ...planFlags,
    steps: whole("NUMBER", 1),
    force: on(),
  },
  examples: [
    "migrate plan --canary acme --wave-size 100",
    "migrate plan --tenants acme,globex --quiet",
    "migrate plan --dry-run --json",
  ],
  exits: [0, 1, 2, 3, 130],
  output: "migration",
  texts: {
    en: {
      brief: "Writes down who is to be migrated, in which order; `migrate resume` carries it out",
      arguments: {},
      flags: {
        steps: "How many migrations each tenant gets at most; all of them when absent",
        force: "Look into each database instead of trusting what the registry says of it",
      },
      dryRun: "The SQL that the plan would send now; it is not written down",
    },
    de: {
      brief:
        "Schreibt auf, wer in welcher Reihenfolge zu migrieren ist; `migrate resume` führt es aus",
      arguments: {},
      flags: {
        steps: "Wie viele Migrationen jeder Mandant höchstens bekommt; ohne Angabe alle",
        force: "In jede Datenbank sehen, statt dem Register zu glauben",
      },
      dryRun: "Das SQL, das der Plan jetzt sendete; aufgeschrieben wird er nicht",
    },
  },
  run: (session, input) =>
    planUp(session, input, async (options) => {
      const cost = measure();
      const { id } = await beginPlan(session, options);
      const { tenancy } = await session.application();
      const report = await tenancy.tenants.migrations.report(id);
      const outcome = await planOutcome(session, report, cost());
      return { ...outcome, exit: exitCodes.ok, quiet: [id] };
    }),
});
