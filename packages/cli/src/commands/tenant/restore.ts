import { defineCommand } from "../../command/define-command.ts";
import { reasonFlag } from "../../command/shared-flags.ts";
import { moveTenant } from "../../tenants/move-tenant.ts";
import { selectTenant } from "../../tenants/select-tenant.ts";

/** `tenant restore`: brings a deleted tenant back while its grace lasts. */
export const tenantRestore = defineCommand({
  path: "tenant restore",
  kind: "changes",
  arguments: { tenant: "optional" },
  flags: reasonFlag,
  examples: ["tenant restore acme", "tenant restore acme --dry-run --json"],
  exits: [0, 1, 2, 4, 130],
  output: "change",
  texts: {
    en: {
      brief: "Brings a deleted tenant back",
      description: "It is again what it was before; a suspended one is not served by the way.",
      arguments: { tenant: "Its slug, id or a domain; asked for on a terminal when absent" },
      flags: {},
      dryRun: "The status that it would have again; too late fails as a real one",
      done: (slug: string) => `Tenant "${slug}" is back.`,
    },
    de: {
      brief: "Holt einen gelöschten Mandanten zurück",
      description: "Er ist wieder, was er zuvor war; ein ausgesetzter wird dadurch nicht bedient.",
      arguments: {
        tenant: "Sein Kürzel, seine Id oder eine Domain; fehlt es, wird am Terminal gefragt",
      },
      flags: {},
      dryRun: "Der Zustand, den er wieder hätte; zu spät schlägt wie im Ernst fehl",
      done: (slug: string) => `Der Mandant „${slug}“ ist zurück.`,
    },
  },
  async run(session, { tenant: named, reason }) {
    const tenant = await selectTenant(session, named);
    const { graceUntil, status } = tenant;
    const isDeleted = session.settings.dryRun && status === "deleted";
    if (isDeleted && graceUntil !== undefined && graceUntil <= Date.now()) {
      const { RestoreTooLateError } = await import("@af-tenancy/core");
      throw new RestoreTooLateError(tenant.id, graceUntil);
    }
    return moveTenant(session, tenant, {
      ...{ move: "restore", to: tenant.formerStatus ?? "inactive", reason },
      act: ({ tenants }) => tenants.restore(tenant),
      done: session.texts.done,
    });
  },
});
