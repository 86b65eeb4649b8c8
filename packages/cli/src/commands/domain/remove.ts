import { defineCommand } from "../../command/define-command.ts";
import { reasonFlag } from "../../command/shared-flags.ts";
import { changeDomains, requireDomains } from "../../tenants/change-domains.ts";
import { selectTenant } from "../../tenants/select-tenant.ts";

/** `tenant domain remove`: takes domains from a tenant. */
export const domainRemove = defineCommand({
  path: "tenant domain remove",
  kind: "changes",
  arguments: { tenant: "required", domains: "some" },
  flags: reasonFlag,
  examples: [
    "tenant domain remove acme shop.acme.com",
    "tenant domain remove acme shop.acme.com --dry-run",
  ],
  exits: [0, 1, 2, 4, 130],
  output: "change",
  texts: {
    en: {
      brief: "Takes domains from a tenant",
      description: "They lead nowhere from then on, and are free for others.",
      arguments: { tenant: "Its slug, id or a domain", domains: "Host names that it has" },
      flags: {},
      dryRun: "The list of domains as it would be, after it was checked as for a real change",
      done: (slug: string) => `Tenant "${slug}" has the domains no longer.`,
    },
    de: {
      brief: "Nimmt einem Mandanten Domains",
      description: "Sie führen von da an nirgendwohin und sind frei für andere.",
      arguments: {
        tenant: "Sein Kürzel, seine Id oder eine Domain",
        domains: "Hostnamen, die er hat",
      },
      flags: {},
      dryRun: "Die Liste der Domains, wie sie würde, nachdem sie wie im Ernst geprüft wurde",
      done: (slug: string) => `Der Mandant „${slug}“ hat die Domains nicht mehr.`,
    },
  },
  async run(session, { tenant: named, domains, reason }) {
    const { texts } = session;
    const tenant = await selectTenant(session, named);
    return changeDomains(session, tenant, {
      ...{ reason, done: texts.done },
      next(names) {
        requireDomains(session, tenant, names, domains);
        return names.filter((name) => !domains.includes(name));
      },
    });
  },
});
