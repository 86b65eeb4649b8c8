import { defineCommand, type Outcome } from "../../command/define-command.ts";
import { on } from "../../command/flags.ts";
import { fleetFlags } from "../../command/shared-flags.ts";
import { exitCodes } from "../../exit-codes.ts";
import { nobodyMeant } from "../../migrations/preview-plan.ts";
import { planOutcome, runPlan } from "../../migrations/run-plan.ts";
import { stoppedPlan } from "../../migrations/stopped-plan.ts";
import { takeTurn } from "../../migrations/take-turn.ts";
import { unfinishedPlan } from "../../migrations/unfinished-plan.ts";
import { measure } from "../../tenants/measure.ts";
import { requireRegistry } from "../../tenants/require-registry.ts";

/** `migrate resume`: goes on with a plan that was stopped, or in which something failed. */
export const migrateResume = defineCommand({
  path: "migrate resume",
  kind: "changes",
  arguments: { plan: "optional" },
  flags: { release: on(), processes: fleetFlags.processes },
  examples: ["migrate resume", "migrate resume --release --processes 8 --json"],
  exits: [0, 1, 2, 3, 4, 130],
  output: "migration",
  texts: {
    en: {
      brief: "Goes on with a plan that was stopped, or in which something failed",
      description:
        "Who is done is passed over. After a process that died this waits for nobody: it ends with 4 until the lease is over.",
      arguments: {
        plan: "Which one; when absent the latest of whose tenants one still lacks something. Going back or fresh, it must be the latest of all",
      },
      interrupted: stoppedPlan.en,
      flags: { release: "Also those that are quarantined because a migration of theirs failed" },
      nothing: "There is nothing to resume.",
      plan: (id: string, direction: string) => `Plan ${id}: ${direction}`,
      dryRun: "How far the plan is, and who would have a turn: the state `waiting` or `failed`",
    },
    de: {
      brief: "Macht mit einem Plan weiter, der angehalten wurde oder in dem etwas fehlschlug",
      description:
        "Wer fertig ist, wird übergangen. Ist ein Prozess gestorben, wartet dies nicht: Es endet mit 4, bis dessen Frist vorbei ist.",
      arguments: {
        plan: "Welcher; fehlt er, der letzte, bei dem einem Mandanten noch etwas fehlt. Geht er zurück oder legt neu an, muss er der letzte von allen sein",
      },
      interrupted: stoppedPlan.de,
      flags: { release: "Auch die in Quarantäne, bei denen eine Migration fehlschlug" },
      nothing: "Es gibt nichts, womit weiterzumachen wäre.",
      plan: (id: string, direction: string) => `Plan ${id}: ${direction}`,
      dryRun: "Wie weit der Plan ist, und wer an die Reihe käme: Zustand `waiting` oder `failed`",
    },
  },
  async run(session, { plan: named, release, processes }) {
    const { texts } = session;
    const { tenancy, databases, actor } = await session.application();
    const { migrations } = tenancy.tenants;
    const cost = measure();
    const schemas = { registry: await requireRegistry(session), list: databases?.migrations };
    const report =
      named === undefined
        ? await unfinishedPlan(migrations, schemas)
        : await migrations.report(named);
    if (report === undefined) {
      const outcome = nobodyMeant(session, "up");
      return { ...outcome, show: (print) => print.line(texts.nothing, "dim") };
    }
    const { id, direction } = report.plan;
    const told = (outcome: Outcome): Outcome => ({
      ...outcome,
      show(print) {
        print.line(texts.plan(id, direction), "dim");
        outcome.show(print);
      },
    });
    if (session.settings.dryRun) {
      const outcome = await planOutcome(session, report, cost(), release);
      const next = outcome.value.tenants.filter(
        ({ state }) => state === "waiting" || state === "failed",
      );
      return told({ ...outcome, exit: exitCodes.ok, quiet: next.map(({ tenant }) => tenant) });
    }
    await takeTurn(session);
    if (release) await tenancy.central(() => migrations.release(id), { actor });
    return told(await runPlan(session, report.plan, processes));
  },
});
