import { defineCommand } from "../../command/define-command.ts";
import { reasonFlag } from "../../command/shared-flags.ts";
import { moveTenant } from "../../tenants/move-tenant.ts";
import { selectTenant } from "../../tenants/select-tenant.ts";

/** `tenant archive`: keeps a tenant's data and serves it no longer. */
export const tenantArchive = defineCommand({
  path: "tenant archive",
  kind: "changes",
  arguments: { tenant: "optional" },
  flags: reasonFlag,
  examples: ["tenant archive acme --reason 'contract is over'", "tenant archive acme --dry-run"],
  exits: [0, 1, 2, 4, 130],
  output: "change",
  texts: {
    en: {
      brief: "Keeps a tenant's data and serves it no longer",
      arguments: { tenant: "Its slug, id or a domain; asked for on a terminal when absent" },
      flags: {},
      dryRun:
        "The status that it would have; a move that its status does not allow fails as a real one",
      done: (slug: string) => `Tenant "${slug}" is in the archive.`,
    },
    de: {
      brief: "Behält die Daten eines Mandanten und bedient ihn nicht mehr",
      arguments: {
        tenant: "Sein Kürzel, seine Id oder eine Domain; fehlt es, wird am Terminal gefragt",
      },
      flags: {},
      dryRun:
        "Der Zustand, den er hätte; was sein Zustand nicht zulässt, schlägt wie im Ernst fehl",
      done: (slug: string) => `Der Mandant „${slug}“ ist im Archiv.`,
    },
  },
  async run(session, { tenant: named, reason }) {
    const tenant = await selectTenant(session, named);
    return moveTenant(session, tenant, {
      ...{ move: "archive", to: "archived", reason },
      act: ({ tenants }) => tenants.archive(tenant),
      done: session.texts.done,
    });
  },
});
