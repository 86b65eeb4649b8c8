import type { TenantRecord } from "@af-tenancy/core";
import { defineCommand } from "../../command/define-command.ts";
import { duration } from "../../command/flags.ts";
import { factsOf } from "../../report-error.ts";
import { measure } from "../../tenants/measure.ts";
import { stockOutcome } from "../../tenants/stock-outcome.ts";
import { askConsent } from "../../terminal/consent.ts";

/** `tenant pending clear`: removes pending tenants, all or those of an age. */
export const pendingClear = defineCommand({
  path: "tenant pending clear",
  kind: "destroys",
  arguments: {},
  flags: { olderThan: duration("TIME") },
  examples: [
    "tenant pending clear --older-than 30d --yes",
    "tenant pending clear --dry-run --json",
  ],
  exits: [0, 1, 2, 3, 130],
  output: "stock",
  texts: {
    en: {
      brief: "Removes pending tenants with their databases",
      description: "One that is pulled meanwhile is left alone. Nobody's data is in them yet.",
      arguments: {},
      flags: {
        olderThan: "Only those that were made so long ago, in whole hours such as 12h or 30d",
      },
      dryRun: "How many would be removed",
      hours: "give whole hours, such as 12h or 30d",
      ask: (count: number) => `Remove ${count} pending tenants?`,
      told: (before: number, after: number) => `Pending tenants: ${before} -> ${after}.`,
    },
    de: {
      brief: "Entfernt Mandanten aus dem Vorrat, mit ihren Datenbanken",
      description:
        "Einer, der währenddessen vergeben wird, bleibt. Noch niemandes Daten sind darin.",
      arguments: {},
      flags: { olderThan: "Nur die, die so alt sind, in ganzen Stunden wie 12h oder 30d" },
      dryRun: "Wie viele entfernt würden",
      hours: "ganze Stunden angeben, wie 12h oder 30d",
      ask: (count: number) => `${count} Mandanten aus dem Vorrat entfernen?`,
      told: (before: number, after: number) => `Mandanten im Vorrat: ${before} -> ${after}.`,
    },
  },
  async run(session, { olderThan = 0 }) {
    const { texts, settings, catalogue, refuse } = session;
    const hours = olderThan / 3_600_000;
    if (!Number.isInteger(hours)) {
      refuse(catalogue.refusals.badValue("--older-than", `${olderThan / 1_000}s`, texts.hours));
    }
    const cost = measure();
    const { tenancy, actor } = await session.application();
    const { pending } = tenancy.tenants;
    const present: TenantRecord[] = [];
    const border = Date.now() - olderThan;
    for await (const tenant of tenancy.store.list({ statuses: ["pending"] })) {
      if (hours === 0 || tenant.createdAt <= border) present.push(tenant);
    }
    const before = await pending.count();
    const value = { dryRun: settings.dryRun, before, made: [] };
    if (settings.dryRun) {
      const after = before - present.length;
      const cleared = present.map(({ id }) => id);
      const would = { ...value, after, cleared, failed: [], cost: cost() };
      return stockOutcome(session, would, () => texts.told(before, after));
    }
    await askConsent(session, texts.ask(present.length));
    const options = hours === 0 ? {} : { olderThanHours: hours };
    const report = await tenancy.central(() => pending.clear(options), { actor });
    const after = await pending.count();
    const failed = report.failed.map(({ tenantId, error }) => {
      const { code, message, causes } = factsOf(error, catalogue);
      return { tenant: tenantId, code, message, causes: [...causes] };
    });
    const done = { ...value, after, cleared: [...report.cleared], failed, cost: cost() };
    return stockOutcome(session, done, () => texts.told(before, after));
  },
});
