import { defineCommand } from "../../command/define-command.ts";
import { whole } from "../../command/flags.ts";
import { fleetFlags, planFlags } from "../../command/shared-flags.ts";
import { planOptions } from "../../migrations/plan-options.ts";
import { nobodyMeant, previewPlan } from "../../migrations/preview-plan.ts";
import { beginPlan, runPlan } from "../../migrations/run-plan.ts";
import { plannedTenants, selectMigrated } from "../../migrations/select-migrated.ts";
import { takeTurn } from "../../migrations/take-turn.ts";
import { askConsent } from "../../terminal/consent.ts";

/** `migrate down`: takes back the latest migrations of tenants. */
export const migrateDown = defineCommand({
  path: "migrate down",
  kind: "destroys",
  arguments: {},
  flags: { ...fleetFlags, ...planFlags, steps: whole("NUMBER", 1) },
  examples: [
    "migrate down --tenants acme",
    "migrate down --steps 2 --dry-run",
    "migrate down --yes --json",
  ],
  exits: [0, 1, 2, 3, 4, 130],
  output: "migration",
  texts: {
    en: {
      brief: "Takes back the latest migrations of tenants",
      description:
        "By what the migrations themselves have for it, and with what was in the columns and tables that they remove.",
      arguments: {},
      flags: { steps: "How many migrations of each tenant; 1 when absent" },
      dryRun: "The SQL, once for all tenants that would get the same; no plan is written down",
      ask: (steps: number, tenants: number) =>
        `Take back ${steps} migrations of ${tenants} tenants?`,
    },
    de: {
      brief: "Nimmt die letzten Migrationen von Mandanten zurück",
      description:
        "Mit dem, was die Migrationen selbst dafür haben, und samt Inhalt der Spalten und Tabellen, die das entfernt.",
      arguments: {},
      flags: { steps: "Wie viele Migrationen je Mandant; ohne Angabe 1" },
      dryRun:
        "Das SQL, einmal für alle Mandanten, die dasselbe bekämen; kein Plan wird aufgeschrieben",
      ask: (steps: number, tenants: number) =>
        `${steps} Migrationen von ${tenants} Mandanten zurücknehmen?`,
    },
  },
  async run(session, { processes, steps = 1, ...input }) {
    const found = await selectMigrated(session, input);
    if (found.length === 0) return nobodyMeant(session, "down");
    const options = {
      ...({ direction: "down", steps } as const),
      ...plannedTenants(found),
      ...(await planOptions(session, input)),
    };
    if (session.settings.dryRun) return previewPlan(session, options);
    await askConsent(session, session.texts.ask(steps, found.length));
    await takeTurn(session);
    return runPlan(session, await beginPlan(session, options), processes);
  },
});
