import { defineCommand } from "../../command/define-command.ts";
import type { DomainsOutput } from "../../outputs/read-outputs.ts";
import { describeDomain } from "../../tenants/describe-tenant.ts";
import { selectTenant } from "../../tenants/select-tenant.ts";

/** `tenant domain list`: lists the domains of a tenant. */
export const domainList = defineCommand({
  path: "tenant domain list",
  kind: "reads",
  arguments: { tenant: "optional" },
  flags: {},
  examples: ["tenant domain list acme", "tenant domain list acme --json"],
  exits: [0, 1, 2, 130],
  output: "domains",
  texts: {
    en: {
      brief: "Lists a tenant's domains, the primary one first",
      description: "One that is not verified leads nowhere.",
      arguments: { tenant: "Its slug, id or a domain; asked for on a terminal when absent" },
      flags: {},
      columns: { domain: "Domain", primary: "Primary", verified: "Verified" },
      none: "It has no domains.",
    },
    de: {
      brief: "Listet die Domains eines Mandanten auf, die wichtigste zuerst",
      description: "Eine, die nicht bestätigt ist, führt nirgendwohin.",
      arguments: {
        tenant: "Sein Kürzel, seine Id oder eine Domain; fehlt es, wird am Terminal gefragt",
      },
      flags: {},
      columns: { domain: "Domain", primary: "Wichtigste", verified: "Bestätigt" },
      none: "Er hat keine Domains.",
    },
  },
  async run(session, { tenant: named }) {
    const { texts, catalogue } = session;
    const tenant = await selectTenant(session, named);
    const { tenancy } = await session.application();
    const domains = (await tenancy.tenants.domains(tenant)).map(describeDomain);
    const value: DomainsOutput = { tenant: tenant.slug, domains };
    const { columns } = texts;
    return {
      value,
      quiet: domains.map(({ name }) => name),
      show(print) {
        if (domains.length === 0) print.line(texts.none, "dim");
        print.rows(
          domains.map(({ name, primary, verifiedAt }) => ({
            [columns.domain]: name,
            [columns.primary]: primary ? catalogue.words.yes : "",
            [columns.verified]: verifiedAt ?? catalogue.words.no,
          })),
        );
      },
    };
  },
});
