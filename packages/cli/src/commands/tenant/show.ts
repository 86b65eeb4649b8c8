import { defineCommand } from "../../command/define-command.ts";
import { whole } from "../../command/flags.ts";
import type { ShowOutput } from "../../outputs/read-outputs.ts";
import { describeDomain, describeTenant } from "../../tenants/describe-tenant.ts";
import { requireRegistry } from "../../tenants/require-registry.ts";
import { selectTenant } from "../../tenants/select-tenant.ts";

/** `tenant show`: shows one tenant with its domains and what was done to it. */
export const tenantShow = defineCommand({
  path: "tenant show",
  kind: "reads",
  arguments: { tenant: "optional" },
  flags: { history: whole("NUMBER") },
  examples: [
    "tenant show acme",
    "tenant show acme.example.com --json",
    "tenant show id:0193 --history 50",
  ],
  exits: [0, 1, 2, 130],
  output: "tenant",
  texts: {
    en: {
      brief: "Shows a tenant, its domains and its history",
      arguments: { tenant: "Its slug, id or a domain; asked for on a terminal when absent" },
      flags: { history: "How many entries of the audit trail; 10 when absent" },
      domains: "Domains",
      verified: "verified",
      unverified: "not verified",
      primary: "primary",
      history: "History",
    },
    de: {
      brief: "Zeigt einen Mandanten, seine Domains und seine Geschichte",
      arguments: {
        tenant: "Sein Kürzel, seine Id oder eine Domain; fehlt es, wird am Terminal gefragt",
      },
      flags: { history: "Wie viele Einträge des Protokolls; ohne Angabe 10" },
      domains: "Domains",
      verified: "bestätigt",
      unverified: "nicht bestätigt",
      primary: "die wichtigste",
      history: "Geschichte",
    },
  },
  async run(session, { tenant: named, history = 10 }) {
    const { texts } = session;
    const tenant = await selectTenant(session, named);
    const registry = await requireRegistry(session);
    const { id } = tenant;
    const { domains, entries } = await registry.transaction(async ({ tenants, audit }) => ({
      domains: await tenants.domains(id),
      entries: history === 0 ? [] : await audit.list({ tenantId: id, limit: history }),
    }));
    const value: ShowOutput = {
      tenant: describeTenant(tenant),
      domains: domains.map(describeDomain),
      history: entries.map(({ at, action, actor, cause }) => ({
        at: new Date(at).toISOString(),
        action,
        actor: actor ?? null,
        reason: cause.reason ?? null,
      })),
    };
    return {
      value,
      quiet: [tenant.slug],
      show(print) {
        const { metadata, placement, maintenance, ...facts } = value.tenant;
        print.line(`${tenant.slug} (${tenant.name})`, "bold");
        const plain = Object.entries(facts).filter(([, fact]) => fact !== null);
        print.facts(Object.fromEntries(plain.map(([name, fact]) => [name, String(fact)])));
        for (const [name, fact] of Object.entries({ metadata, placement, maintenance })) {
          if (fact !== null) print.line(`${name}  ${JSON.stringify(fact)}`);
        }
        if (domains.length > 0) print.line(texts.domains, "bold");
        for (const { name, primary, verifiedAt } of value.domains) {
          const state = verifiedAt === null ? texts.unverified : texts.verified;
          print.line(`  ${name}  ${state}${primary ? `, ${texts.primary}` : ""}`);
        }
        if (value.history.length > 0) print.line(texts.history, "bold");
        for (const { at, action, actor, reason } of value.history) {
          print.line(`  ${at}  ${action}  ${actor ?? ""}  ${reason ?? ""}`.trimEnd());
        }
      },
    };
  },
});
