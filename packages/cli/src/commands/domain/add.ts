import { defineCommand } from "../../command/define-command.ts";
import { reasonFlag } from "../../command/shared-flags.ts";
import { changeDomains } from "../../tenants/change-domains.ts";
import { selectTenant } from "../../tenants/select-tenant.ts";

/** `tenant domain add`: gives a tenant more domains. */
export const domainAdd = defineCommand({
  path: "tenant domain add",
  kind: "changes",
  arguments: { tenant: "required", domains: "some" },
  flags: reasonFlag,
  examples: [
    "tenant domain add acme shop.acme.com",
    "tenant domain add acme a.example.com b.example.com --json",
  ],
  exits: [0, 1, 2, 4, 130],
  output: "change",
  texts: {
    en: {
      brief: "Gives a tenant more domains, which lead to it at once",
      description: "Check before that they are the customer's.",
      arguments: { tenant: "Its slug, id or a domain", domains: "Host names" },
      flags: {},
      dryRun: "The list of domains as it would be, after it was checked as for a real change",
      done: (slug: string) => `Tenant "${slug}" has the domains.`,
    },
    de: {
      brief: "Gibt einem Mandanten weitere Domains, die sofort zu ihm führen",
      description: "Vorher prüfen, dass sie dem Kunden gehören.",
      arguments: { tenant: "Sein Kürzel, seine Id oder eine Domain", domains: "Hostnamen" },
      flags: {},
      dryRun: "Die Liste der Domains, wie sie würde, nachdem sie wie im Ernst geprüft wurde",
      done: (slug: string) => `Der Mandant „${slug}“ hat die Domains.`,
    },
  },
  async run(session, { tenant: named, domains, reason }) {
    const { texts } = session;
    const tenant = await selectTenant(session, named);
    return changeDomains(session, tenant, {
      ...{ reason, done: texts.done },
      next: (names) => [...names, ...domains.filter((name) => !names.includes(name))],
    });
  },
});
