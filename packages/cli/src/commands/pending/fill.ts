import { defineCommand } from "../../command/define-command.ts";
import { measure } from "../../tenants/measure.ts";
import { stockOutcome } from "../../tenants/stock-outcome.ts";

/** `tenant pending fill`: makes pending tenants until there are so many. */
export const pendingFill = defineCommand({
  path: "tenant pending fill",
  kind: "changes",
  arguments: { count: "required" },
  flags: {},
  examples: ["tenant pending fill 20", "tenant pending fill 20 --dry-run --json"],
  exits: [0, 1, 2, 130],
  output: "stock",
  texts: {
    en: {
      brief: "Makes pending tenants until there are so many",
      description:
        "What an earlier call left unfinished is finished first. One process fills at a time.",
      arguments: { count: "How many there are to be" },
      flags: {},
      dryRun: "How many would be made",
      told: (before: number, after: number) => `Pending tenants: ${before} -> ${after}.`,
    },
    de: {
      brief: "Legt Mandanten auf Vorrat an, bis es so viele sind",
      description:
        "Was ein früherer Aufruf übrig ließ, wird zuerst vollendet. Ein Prozess füllt zur selben Zeit.",
      arguments: { count: "Wie viele es sein sollen" },
      flags: {},
      dryRun: "Wie viele angelegt würden",
      told: (before: number, after: number) => `Mandanten im Vorrat: ${before} -> ${after}.`,
    },
  },
  async run(session, { count: given }) {
    const { texts, settings, progress, catalogue, refuse } = session;
    if (!/^\d{1,6}$/.test(given)) {
      refuse(catalogue.refusals.badValue("<count>", given, catalogue.rules.whole));
    }
    const cost = measure();
    const { tenancy, actor } = await session.application();
    const { pending } = tenancy.tenants;
    const before = await pending.count();
    const count = Number(given);
    let made: readonly string[] = [];
    if (!settings.dryRun) {
      let done = before;
      tenancy.events.on("pendingCreated", () => progress.tell(`${++done}/${count}`));
      made = await tenancy.central(() => pending.fill(count), { actor });
    }
    const after = settings.dryRun ? Math.max(before, count) : await pending.count();
    const value = {
      dryRun: settings.dryRun,
      before,
      after,
      made: [...made],
      cleared: [],
      failed: [],
    };
    return stockOutcome(session, { ...value, cost: cost() }, () => texts.told(before, after));
  },
});
