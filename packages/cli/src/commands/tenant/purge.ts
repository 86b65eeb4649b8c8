import type { PurgeOptions, PurgeReport } from "@af-tenancy/core";
import { defineCommand } from "../../command/define-command.ts";
import { on, text } from "../../command/flags.ts";
import { reasonFlag } from "../../command/shared-flags.ts";
import { exitOf } from "../../exit-codes.ts";
import type { PurgeOutput } from "../../outputs/change-output.ts";
import { factsOf } from "../../report-error.ts";
import { describeTenant } from "../../tenants/describe-tenant.ts";
import { measure } from "../../tenants/measure.ts";
import { selectTenants } from "../../tenants/select-tenant.ts";
import { tellCauses } from "../../tenants/tell-causes.ts";
import { askTypedConsent } from "../../terminal/consent.ts";

/** `tenant purge`: removes tenants for good, those that a plan names and as it saw them. */
export const tenantPurge = defineCommand({
  path: "tenant purge",
  kind: "destroys",
  arguments: { tenants: "some" },
  flags: {
    plan: text("PLAN"),
    skipGrace: on(),
    dropAdopted: on(),
    leaveDatabase: on(),
    ...reasonFlag,
  },
  examples: [
    "tenant purge acme --dry-run",
    "tenant purge acme globex --yes --plan plan_3q27wEjRQ --json",
    "tenant purge acme --skip-grace",
  ],
  exits: [0, 1, 2, 3, 4, 130],
  output: "purge",
  texts: {
    en: {
      brief: "Removes tenants for good, with their databases",
      description:
        "Nothing brings them back. --dry-run gives a plan; where nobody can be asked, --yes and that --plan are needed,\nand what has changed since is refused.",
      arguments: { tenants: "Their slugs, ids or domains" },
      flags: {
        plan: "The plan of the dry run that was looked at",
        skipGrace: "Also those that were not deleted, or can still be restored",
        dropAdopted: "Also drops databases that were adopted",
        leaveDatabase:
          "Forgets a tenant whose database cannot be dropped; a repair drops that later",
      },
      dryRun:
        "Who would be removed, and the plan that names them; who cannot be purged fails as a real one",
      would: "Would be removed for good:",
      plan: (plan: string) => `Plan ${plan}`,
      done: (count: number) => `Removed for good: ${count}.`,
      failed: (slug: string, message: string) => `${slug} is still there: ${message}`,
    },
    de: {
      brief: "Entfernt Mandanten endgültig, mit ihren Datenbanken",
      description:
        "Nichts bringt sie zurück. --dry-run gibt einen Plan; wo niemand zu fragen ist, sind --yes und dieser --plan nötig,\nund was sich seitdem geändert hat, wird abgelehnt.",
      arguments: { tenants: "Ihre Kürzel, Ids oder Domains" },
      flags: {
        plan: "Der Plan des Probelaufs, der angesehen wurde",
        skipGrace: "Auch die, die nicht gelöscht oder noch zurückzuholen sind",
        dropAdopted: "Löscht auch übernommene Datenbanken",
        leaveDatabase:
          "Vergisst einen Mandanten, dessen Datenbank nicht zu löschen ist; eine Reparatur holt es nach",
      },
      dryRun:
        "Wer entfernt würde, und der Plan, der sie nennt; wer nicht zu entfernen ist, schlägt wie im Ernst fehl",
      would: "Endgültig entfernt würden:",
      plan: (plan: string) => `Plan ${plan}`,
      done: (count: number) => `Endgültig entfernt: ${count}.`,
      failed: (slug: string, message: string) => `${slug} ist noch da: ${message}`,
    },
  },
  async run(session, input) {
    const { texts, settings, catalogue } = session;
    const cost = measure();
    const tenants = await selectTenants(session, input.tenants);
    const { tenancy, actor } = await session.application();
    const references = tenants.map(({ id }) => ({ by: "id", value: id }));
    const options: PurgeOptions = {
      skipGrace: input.skipGrace === true,
      dropAdopted: input.dropAdopted === true,
      ifDropFails: input.leaveDatabase ? "leave" : "stop",
    };
    let report: PurgeReport = await tenancy.tenants.purgeAll(references, options);
    if (!settings.dryRun) {
      const [{ slug: name } = { slug: "" }] = report.tenants;
      await askTypedConsent(session, { name, given: input.plan });
      const plan = input.plan?.replace(/^plan_/, "") ?? report.plan;
      const origin = { actor, ...(input.reason !== undefined && { reason: input.reason }) };
      report = await tenancy.central(
        () => tenancy.tenants.purgeAll(references, { ...options, plan }),
        origin,
      );
    }
    const slugOf = (id: string) => tenants.find((tenant) => tenant.id === id)?.slug ?? id;
    const value: PurgeOutput = {
      dryRun: settings.dryRun,
      plan: shownPlan(report.plan),
      tenants: report.tenants.map(describeTenant),
      purged: report.purged.map(slugOf),
      failed: report.failed.map(({ tenantId, error }) => {
        const { code, message, causes } = factsOf(error, catalogue);
        return { tenant: slugOf(tenantId), code, message, causes: [...causes] };
      }),
      cost: cost(),
    };
    return {
      value,
      exit: exitOf({
        done: value.purged.length,
        isWhole: value.failed.length === 0,
        codes: value.failed.map(({ code }) => code),
      }),
      quiet: settings.dryRun ? [value.plan] : value.purged,
      show(print) {
        if (settings.dryRun) {
          print.line(texts.would, "yellow");
          for (const { slug, name, status, placement } of value.tenants) {
            print.line(`  ${slug}  ${name}  ${status}  ${placement?.name ?? ""}`.trimEnd());
          }
          print.line(texts.plan(value.plan));
          return print.line(catalogue.words.nothingChanged, "yellow");
        }
        for (const { tenant, message, causes } of value.failed) {
          print.line(texts.failed(tenant, message), "red");
          tellCauses(print, catalogue, causes);
        }
        print.line(texts.done(value.purged.length), "green");
      },
    };
  },
});

/** A plan may begin with a dash, which would be a flag. */
function shownPlan(plan: string): string {
  return `plan_${plan}`;
}
