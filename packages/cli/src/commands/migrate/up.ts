import { defineCommand } from "../../command/define-command.ts";
import { on, whole } from "../../command/flags.ts";
import { fleetFlags, planFlags } from "../../command/shared-flags.ts";
import { planUp } from "../../migrations/plan-up.ts";
import { beginPlan, runPlan } from "../../migrations/run-plan.ts";
import { stoppedPlan } from "../../migrations/stopped-plan.ts";
import { takeTurn } from "../../migrations/take-turn.ts";

/** `migrate up`: runs what tenants lack. */
export const migrateUp = defineCommand({
  path: "migrate up",
  kind: "changes",
  arguments: {},
  flags: { ...fleetFlags, ...planFlags, steps: whole("NUMBER", 1), force: on() },
  examples: [
    "migrate up --processes 8 --canary acme --skip-failing",
    "migrate up --dry-run",
    "migrate up --tenants acme,globex --json",
  ],
  exits: [0, 1, 2, 3, 4, 130],
  output: "migration",
  texts: {
    en: {
      brief: "Runs the migrations that tenants lack",
      description:
        "Who is to be migrated is written down first. What was stopped or failed goes on with `migrate resume`.\nCentral tables are never touched.",
      arguments: {},
      interrupted: stoppedPlan.en,
      flags: {
        steps: "How many migrations each tenant gets at most; all of them when absent",
        force: "Look into each database instead of trusting what the registry says of it",
      },
      dryRun:
        "The SQL, once for all tenants that would get the same, as their databases are now; no plan is written down",
    },
    de: {
      brief: "Führt die Migrationen aus, die Mandanten fehlen",
      description:
        "Wer an die Reihe kommt, wird zuerst aufgeschrieben. Was angehalten wurde oder fehlschlug, geht mit `migrate resume` weiter.\nZentrale Tabellen werden nie angefasst.",
      arguments: {},
      interrupted: stoppedPlan.de,
      flags: {
        steps: "Wie viele Migrationen jeder Mandant höchstens bekommt; ohne Angabe alle",
        force: "In jede Datenbank sehen, statt dem Register zu glauben",
      },
      dryRun:
        "Das SQL, einmal für alle Mandanten, die dasselbe bekämen, so wie ihre Datenbanken jetzt sind; kein Plan wird aufgeschrieben",
    },
  },
  run: (session, { processes, ...input }) =>
    planUp(session, input, async (options) => {
      await takeTurn(session);
      return runPlan(session, await beginPlan(session, options), processes);
    }),
});
