import { defineCommand } from "../../command/define-command.ts";
import { reasonFlag } from "../../command/shared-flags.ts";
import { changeDomains, requireDomains } from "../../tenants/change-domains.ts";
import { selectTenant } from "../../tenants/select-tenant.ts";

/** `tenant domain primary`: makes one of a tenant's domains the primary one. */
export const domainPrimary = defineCommand({
  path: "tenant domain primary",
  kind: "changes",
  arguments: { tenant: "required", domain: "required" },
  flags: reasonFlag,
  examples: [
    "tenant domain primary acme shop.acme.com",
    "tenant domain primary acme shop.acme.com --json",
  ],
  exits: [0, 1, 2, 4, 130],
  output: "change",
  texts: {
    en: {
      brief: "Makes one of a tenant's domains the primary one",
      description: "It comes first from then on; the others stay in their order.",
      arguments: { tenant: "Its slug, id or a domain", domain: "A host name that it has" },
      flags: {},
      dryRun: "The list of domains as it would be, after it was checked as for a real change",
      done: (slug: string) => `Tenant "${slug}" has another primary domain.`,
    },
    de: {
      brief: "Macht eine Domain eines Mandanten zur wichtigsten",
      description: "Sie steht von da an vorn; die anderen behalten ihre Folge.",
      arguments: {
        tenant: "Sein Kürzel, seine Id oder eine Domain",
        domain: "Ein Hostname, den er hat",
      },
      flags: {},
      dryRun: "Die Liste der Domains, wie sie würde, nachdem sie wie im Ernst geprüft wurde",
      done: (slug: string) => `Der Mandant „${slug}“ hat eine andere wichtigste Domain.`,
    },
  },
  async run(session, { tenant: named, domain, reason }) {
    const tenant = await selectTenant(session, named);
    return changeDomains(session, tenant, {
      ...{ reason, done: session.texts.done },
      next(names) {
        requireDomains(session, tenant, names, [domain]);
        return [domain, ...names.filter((name) => name !== domain)];
      },
    });
  },
});
