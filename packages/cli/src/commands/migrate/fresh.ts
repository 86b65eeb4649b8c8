import { defineCommand } from "../../command/define-command.ts";
import { text } from "../../command/flags.ts";
import { fleetFlags, planFlags } from "../../command/shared-flags.ts";
import { planOptions } from "../../migrations/plan-options.ts";
import { nobodyMeant, previewPlan } from "../../migrations/preview-plan.ts";
import { beginPlan, runPlan } from "../../migrations/run-plan.ts";
import { plannedTenants, selectMigrated } from "../../migrations/select-migrated.ts";
import { stoppedPlan } from "../../migrations/stopped-plan.ts";
import { askTypedConsent } from "../../terminal/consent.ts";

/** `migrate fresh`: removes all tables of tenants, and makes them anew. */
export const migrateFresh = defineCommand({
  path: "migrate fresh",
  kind: "destroys",
  arguments: {},
  flags: { ...fleetFlags, ...planFlags, plan: text("PLAN") },
  examples: [
    "migrate fresh --tenants acme",
    "migrate fresh --dry-run --quiet",
    "migrate fresh --yes --plan plan_3q27wEjRQ --json",
  ],
  exits: [0, 1, 2, 3, 4, 130],
  output: "migration",
  texts: {
    en: {
      brief: "Removes all tables and rows of tenants, and runs every migration anew",
      description:
        "Nothing brings the rows back. --dry-run gives a plan; where nobody can be asked, --yes and that --plan are needed.\nA fleet, or migrations, that have changed since are refused, and each plan is good for one run.",
      arguments: {},
      interrupted: stoppedPlan.en,
      flags: { plan: "The plan of the dry run that was looked at" },
      dryRun:
        "The SQL that makes the tables anew, and the plan that names the tenants; with --quiet the plan alone",
    },
    de: {
      brief: "Entfernt alle Tabellen und Zeilen von Mandanten und führt jede Migration neu aus",
      description:
        "Nichts bringt die Zeilen zurück. --dry-run gibt einen Plan; wo niemand zu fragen ist, sind --yes und dieser --plan nötig.\nHaben Flotte oder Migrationen sich seitdem geändert, wird er abgelehnt, und jeder Plan gilt für einen Lauf.",
      arguments: {},
      interrupted: stoppedPlan.de,
      flags: { plan: "Der Plan des Probelaufs, der angesehen wurde" },
      dryRun:
        "Das SQL, das die Tabellen neu anlegt, und der Plan, der die Mandanten nennt; mit --quiet nur der Plan",
    },
  },
  async run(session, { processes, plan: given, ...input }) {
    const found = await selectMigrated(session, input);
    if (found.length === 0) return nobodyMeant(session, "fresh");
    const options = {
      direction: "fresh",
      ...plannedTenants(found),
      ...(await planOptions(session, input)),
    } as const;
    const agreed = { direction: "fresh", tenants: found } as const;
    const { consentOf, takeAgreedTurn } = await import("../../migrations/consent-of.ts");
    if (session.settings.dryRun) {
      return previewPlan(session, options, await consentOf(session, agreed));
    }
    const name = found.length === 1 ? (found[0]?.slug ?? "") : `fresh ${found.length}`;
    await askTypedConsent(session, { name, given });
    await takeAgreedTurn(session, agreed, given);
    return runPlan(session, await beginPlan(session, options), processes);
  },
});
