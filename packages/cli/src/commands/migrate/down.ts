import { defineCommand } from "../../command/define-command.ts";
import { text, whole } from "../../command/flags.ts";
import { fleetFlags, planFlags } from "../../command/shared-flags.ts";
import { planOptions } from "../../migrations/plan-options.ts";
import { nobodyMeant, previewPlan } from "../../migrations/preview-plan.ts";
import { beginPlan, runPlan } from "../../migrations/run-plan.ts";
import { plannedTenants, selectMigrated } from "../../migrations/select-migrated.ts";
import { stoppedPlan } from "../../migrations/stopped-plan.ts";
import { askConsent, askTypedConsent } from "../../terminal/consent.ts";

/** `migrate down`: takes back the latest migrations of tenants. */
export const migrateDown = defineCommand({
  path: "migrate down",
  kind: "destroys",
  arguments: {},
  flags: { ...fleetFlags, ...planFlags, steps: whole("NUMBER", 1), plan: text("PLAN") },
  examples: [
    "migrate down --tenants acme",
    "migrate down --steps 2 --dry-run",
    "migrate down --yes --plan plan_3q27wEjRQ --json",
  ],
  exits: [0, 1, 2, 3, 4, 130],
  output: "migration",
  texts: {
    en: {
      brief: "Takes back the latest migrations of tenants",
      description:
        "By what the migrations themselves have for it, and with what was in the columns and tables that they remove.\nWhere nobody is named with --tenants and nobody can be asked, --yes and the --plan of a dry run are needed; it is good for one run.",
      arguments: {},
      interrupted: stoppedPlan.en,
      flags: {
        steps: "How many migrations of each tenant; 1 when absent",
        plan: "The plan of the dry run that was looked at",
      },
      dryRun:
        "The SQL, once for all tenants that would get the same, and the plan that names them; with --quiet the plan alone",
      ask: (steps: number, tenants: number) =>
        `Take back ${steps} migrations of ${tenants} tenants?`,
    },
    de: {
      brief: "Nimmt die letzten Migrationen von Mandanten zurück",
      description:
        "Mit dem, was die Migrationen selbst dafür haben, und samt Inhalt der Spalten und Tabellen, die das entfernt.\nWo --tenants niemanden nennt und niemand zu fragen ist, sind --yes und der --plan eines Probelaufs nötig; er gilt für einen Lauf.",
      arguments: {},
      interrupted: stoppedPlan.de,
      flags: {
        steps: "Wie viele Migrationen je Mandant; ohne Angabe 1",
        plan: "Der Plan des Probelaufs, der angesehen wurde",
      },
      dryRun:
        "Das SQL, einmal für alle Mandanten, die dasselbe bekämen, und der Plan, der sie nennt; mit --quiet nur der Plan",
      ask: (steps: number, tenants: number) =>
        `${steps} Migrationen von ${tenants} Mandanten zurücknehmen?`,
    },
  },
  async run(session, { processes, steps = 1, plan: given, ...input }) {
    const found = await selectMigrated(session, input);
    if (found.length === 0) return nobodyMeant(session, "down");
    const options = {
      ...({ direction: "down", steps } as const),
      ...plannedTenants(found),
      ...(await planOptions(session, input)),
    };
    const agreed = { direction: "down", steps, tenants: found } as const;
    const { consentOf, takeAgreedTurn } = await import("../../migrations/consent-of.ts");
    if (session.settings.dryRun) {
      return previewPlan(session, options, await consentOf(session, agreed));
    }
    if (input.tenants !== undefined) {
      await askConsent(session, session.texts.ask(steps, found.length));
    } else await askTypedConsent(session, { name: `down ${found.length}`, given });
    await takeAgreedTurn(session, agreed, given);
    return runPlan(session, await beginPlan(session, options), processes);
  },
});
