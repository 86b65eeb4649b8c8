import { defineCommand } from "../../command/define-command.ts";
import { graceFlag, reasonFlag } from "../../command/shared-flags.ts";
import { moveTenant } from "../../tenants/move-tenant.ts";
import { selectTenant } from "../../tenants/select-tenant.ts";

/** `tenant suspend`: stops serving a tenant, at once or when a grace is over. */
export const tenantSuspend = defineCommand({
  path: "tenant suspend",
  kind: "changes",
  arguments: { tenant: "optional" },
  flags: { ...graceFlag, ...reasonFlag },
  examples: [
    "tenant suspend acme --reason 'invoice 17 is open'",
    "tenant suspend acme --grace 3d --json",
  ],
  exits: [0, 1, 2, 4, 130],
  output: "change",
  texts: {
    en: {
      brief: "Suspends a tenant",
      arguments: { tenant: "Its slug, id or a domain; asked for on a terminal when absent" },
      flags: {
        grace: "How long it is served on; not at all when absent",
      },
      dryRun:
        "The status that it would have; a move that its status does not allow fails as a real one",
      done: (slug: string) => `Tenant "${slug}" is suspended.`,
    },
    de: {
      brief: "Setzt einen Mandanten aus",
      arguments: {
        tenant: "Sein Kürzel, seine Id oder eine Domain; fehlt es, wird am Terminal gefragt",
      },
      flags: {
        grace: "Wie lange er noch bedient wird; ohne Angabe gar nicht",
      },
      dryRun:
        "Der Zustand, den er hätte; was sein Zustand nicht zulässt, schlägt wie im Ernst fehl",
      done: (slug: string) => `Der Mandant „${slug}“ ist ausgesetzt.`,
    },
  },
  async run(session, { tenant: named, grace, reason }) {
    const tenant = await selectTenant(session, named);
    return moveTenant(session, tenant, {
      ...{ move: "suspend", to: "suspended", reason },
      act: ({ tenants }) =>
        tenants.suspend(tenant, { ...(grace !== undefined && { graceMs: grace }) }),
      done: session.texts.done,
    });
  },
});
