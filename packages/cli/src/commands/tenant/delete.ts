import { defineCommand } from "../../command/define-command.ts";
import { graceFlag, reasonFlag } from "../../command/shared-flags.ts";
import { moveTenant } from "../../tenants/move-tenant.ts";
import { selectTenant } from "../../tenants/select-tenant.ts";
import { askConsent } from "../../terminal/consent.ts";

/** `tenant delete`: deletes a tenant softly, so that it can be restored while its grace lasts. */
export const tenantDelete = defineCommand({
  path: "tenant delete",
  kind: "destroys",
  arguments: { tenant: "optional" },
  flags: { ...graceFlag, ...reasonFlag },
  examples: ["tenant delete acme", "tenant delete acme --grace 30d --yes --json"],
  exits: [0, 1, 2, 4, 130],
  output: "change",
  texts: {
    en: {
      brief: "Deletes a tenant, which can be restored for a while",
      description:
        "Its data, slug and domains stay until its grace is over; `tenant purge` removes them.",
      arguments: { tenant: "Its slug, id or a domain; asked for on a terminal when absent" },
      flags: {
        grace: "How long it can be restored; 7d when absent",
      },
      dryRun:
        "The status that it would have; a move that its status does not allow fails as a real one",
      ask: (slug: string, name: string) => `Delete the tenant "${slug}" (${name})?`,
      done: (slug: string) =>
        `Tenant "${slug}" is deleted; \`af-tenancy tenant restore\` brings it back.`,
      over: (slug: string) =>
        `Tenant "${slug}" is deleted, and nothing brings it back; its data stays until \`af-tenancy tenant purge\`.`,
    },
    de: {
      brief: "Löscht einen Mandanten, den man eine Weile zurückholen kann",
      description:
        "Daten, Kürzel und Domains bleiben, bis seine Frist um ist; `tenant purge` entfernt sie.",
      arguments: {
        tenant: "Sein Kürzel, seine Id oder eine Domain; fehlt es, wird am Terminal gefragt",
      },
      flags: {
        grace: "Wie lange er zurückzuholen ist; ohne Angabe 7d",
      },
      dryRun:
        "Der Zustand, den er hätte; was sein Zustand nicht zulässt, schlägt wie im Ernst fehl",
      ask: (slug: string, name: string) => `Den Mandanten „${slug}“ (${name}) löschen?`,
      done: (slug: string) =>
        `Der Mandant „${slug}“ ist gelöscht; \`af-tenancy tenant restore\` holt ihn zurück.`,
      over: (slug: string) =>
        `Der Mandant „${slug}“ ist gelöscht, und nichts holt ihn zurück; seine Daten bleiben bis \`af-tenancy tenant purge\`.`,
    },
  },
  async run(session, { tenant: named, grace, reason }) {
    const { texts, settings } = session;
    const tenant = await selectTenant(session, named);
    if (!settings.dryRun) await askConsent(session, texts.ask(tenant.slug, tenant.name));
    return moveTenant(session, tenant, {
      ...{ move: "delete", to: "deleted", reason },
      act: ({ tenants }) =>
        tenants.delete(tenant, { ...(grace !== undefined && { graceMs: grace }) }),
      done: grace === 0 ? texts.over : texts.done,
    });
  },
});
