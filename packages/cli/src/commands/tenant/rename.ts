import { defineCommand } from "../../command/define-command.ts";
import { text } from "../../command/flags.ts";
import { reasonFlag } from "../../command/shared-flags.ts";
import { definedOnly } from "../../tenants/defined-only.ts";
import { selectTenant } from "../../tenants/select-tenant.ts";
import { updateTenant } from "../../tenants/update-tenant.ts";

/** `tenant rename`: gives a tenant another slug, or another name for people. */
export const tenantRename = defineCommand({
  path: "tenant rename",
  kind: "changes",
  arguments: { tenant: "required", slug: "optional" },
  flags: { name: text("TEXT"), key: text("TEXT"), ...reasonFlag },
  examples: ["tenant rename acme acme-europe", "tenant rename acme --name 'Acme Europe' --json"],
  exits: [0, 1, 2, 4, 130],
  output: "change",
  texts: {
    en: {
      brief: "Gives a tenant another slug or name",
      description: "Its id, its database and its domains stay as they are.",
      arguments: { tenant: "Its slug, id or a domain", slug: "The new slug" },
      flags: {
        name: "The new name for people",
        key: "Makes the call repeatable",
      },
      dryRun: "What would change, after the new names were checked as for a real change",
      nothing: "There is nothing to change it to: give a new slug, or --name.",
      done: (slug: string) => `Tenant "${slug}" has its new name.`,
    },
    de: {
      brief: "Gibt einem Mandanten ein anderes Kürzel oder einen anderen Namen",
      description: "Seine Id, seine Datenbank und seine Domains bleiben, wie sie sind.",
      arguments: { tenant: "Sein Kürzel, seine Id oder eine Domain", slug: "Das neue Kürzel" },
      flags: {
        name: "Der neue Name für Menschen",
        key: "Macht den Aufruf wiederholbar",
      },
      dryRun: "Was sich änderte, nachdem die neuen Namen wie im Ernst geprüft wurden",
      nothing: "Es fehlt, wie er heißen soll: ein neues Kürzel oder --name angeben.",
      done: (slug: string) => `Der Mandant „${slug}“ hat seinen neuen Namen.`,
    },
  },
  async run(session, { tenant: named, slug, name, key, reason }) {
    if (slug === undefined && name === undefined) session.refuse(session.texts.nothing);
    const tenant = await selectTenant(session, named);
    const changes = definedOnly({ slug, name, idempotencyKey: key });
    return updateTenant(session, tenant, { changes, reason, done: session.texts.done });
  },
});
