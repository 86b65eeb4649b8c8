import { isIP } from "node:net";
import { defineCommand } from "../../command/define-command.ts";
import { on, text } from "../../command/flags.ts";
import { reasonFlag } from "../../command/shared-flags.ts";
import { proveDomain } from "../../dns/prove-domain.ts";
import { provingName, provingValue, tokenOf } from "../../dns/proving-record.ts";
import { readTexts } from "../../dns/read-texts.ts";
import type { VerifyOutput } from "../../outputs/verify-output.ts";
import { requireDomains } from "../../tenants/change-domains.ts";
import { describeDomain } from "../../tenants/describe-tenant.ts";
import { requireRegistry } from "../../tenants/require-registry.ts";
import { selectTenant } from "../../tenants/select-tenant.ts";

/** `tenant domain verify`: proves by DNS that a domain is the tenant's. */
export const domainVerify = defineCommand({
  path: "tenant domain verify",
  kind: "changes",
  arguments: { tenant: "required", domain: "required" },
  flags: { newToken: on(), dnsServer: text("ADDRESS"), ...reasonFlag },
  examples: [
    "tenant domain verify acme shop.acme.com --new-token",
    "tenant domain verify acme shop.acme.com",
    "tenant domain verify acme shop.acme.com --dns-server 1.1.1.1 --json",
  ],
  exits: [0, 1, 2, 4, 130],
  output: "verify",
  texts: {
    en: {
      brief: "Proves by a TXT record that a domain is the tenant's, so that it leads there",
      description:
        "With --new-token it tells the record that the customer is to set; without, it looks for that in DNS. A domain that is proved stays so, whatever DNS has.",
      arguments: { tenant: "Its slug, id or a domain", domain: "One of its domains" },
      flags: {
        newToken: "Make a token in place of the one before, and tell the record; DNS is not asked",
        dnsServer:
          "Whom to ask, such as 1.1.1.1 or 127.0.0.1:5353; the system's servers when absent",
      },
      dryRun: "Whether the domain would be proved, after DNS was asked and its tokens were tried",
      badServer: (address: string) =>
        `"${address}" is no address of a DNS server: write it as 1.1.1.1, 127.0.0.1:5353 or [::1]:53.`,
      noToken: (slug: string, name: string) =>
        `No token waits for "${name}": make one with \`af-tenancy tenant domain verify ${slug} ${name} --new-token\`.`,
      notFound: (record: string, name: string) =>
        `DNS has no TXT record "${record}" that proves "${name}": set the one that --new-token told, and call again once it is known.`,
      stays: (missing: string, at: string) =>
        `${missing} It stays proved, as it has been since ${at}.`,
      record: "The customer sets this record:",
      would: (name: string) => `The domain "${name}" would be proved.`,
      proved: (name: string) => `The domain "${name}" is proved.`,
      before: (name: string, at: string) =>
        `The domain "${name}" was proved on ${at}, and DNS was not asked again: for that make a token with --new-token.`,
    },
    de: {
      brief:
        "Beweist mit einem TXT-Eintrag, dass eine Domain dem Mandanten gehört und zu ihm führt",
      description:
        "Mit --new-token nennt es den Eintrag, den der Kunde zu machen hat; ohne sucht es ihn im DNS. Eine Domain, die bewiesen ist, bleibt es, was auch immer im DNS steht.",
      arguments: {
        tenant: "Sein Kürzel, seine Id oder eine Domain",
        domain: "Eine seiner Domains",
      },
      flags: {
        newToken:
          "Statt des vorigen ein neues Wort erzeugen und den Eintrag nennen, ohne DNS zu fragen",
        dnsServer:
          "Wer gefragt wird, etwa 1.1.1.1 oder 127.0.0.1:5353; ohne Angabe die des Systems",
      },
      dryRun: "Ob die Domain bewiesen würde, nachdem DNS gefragt und jedes Wort versucht wurde",
      badServer: (address: string) =>
        `„${address}“ ist keine Adresse eines DNS-Servers: 1.1.1.1, 127.0.0.1:5353 oder [::1]:53 schreiben.`,
      noToken: (slug: string, name: string) =>
        `Für „${name}“ wartet kein Wort: mit \`af-tenancy tenant domain verify ${slug} ${name} --new-token\` eines erzeugen.`,
      notFound: (record: string, name: string) =>
        `Im DNS beweist kein TXT-Eintrag „${record}“ die Domain „${name}“: den machen, den --new-token nannte, und noch einmal rufen, sobald er bekannt ist.`,
      stays: (missing: string, at: string) =>
        `${missing} Sie bleibt bewiesen, wie sie es seit ${at} ist.`,
      record: "Diesen Eintrag macht der Kunde:",
      would: (name: string) => `Die Domain „${name}“ wäre bewiesen.`,
      proved: (name: string) => `Die Domain „${name}“ ist bewiesen.`,
      before: (name: string, at: string) =>
        `Die Domain „${name}“ wurde am ${at} bewiesen, und DNS wurde nicht noch einmal gefragt: dafür mit --new-token ein Wort erzeugen.`,
    },
  },
  async run(session, { tenant: named, domain: wanted, newToken, dnsServer, reason }) {
    const { texts, settings, refuse, signal, catalogue } = session;
    const { dryRun } = settings;
    if (dnsServer !== undefined && !isServer(dnsServer)) refuse(texts.badServer(dnsServer));
    const tenant = await selectTenant(session, named);
    const registry = await requireRegistry(session);
    const { tenancy, actor } = await session.application();
    const origin = { actor, ...(reason !== undefined && { reason }) };
    const name = wanted.toLowerCase().replace(/\.$/, "");
    const look = () => registry.transaction(({ domains }) => domains.find(name));
    const before = await look();
    if (before?.tenantId !== tenant.id) requireDomains(session, tenant, [], [name]);
    const key = { tenantId: tenant.id, name };
    let record: VerifyOutput["record"] = null;
    const provedAt = before?.verifiedAt;
    let isProved = provedAt !== undefined;
    // A token that was made since the proof is there to be proved anew.
    const isAsked = !newToken && (!isProved || before?.challenged === true);

    if (newToken) {
      const { randomBytes } = await import("node:crypto");
      const token = randomBytes(24).toString("base64url");
      record = { name: provingName(name), type: "TXT", value: provingValue(token) };
      const keep = () =>
        registry.transaction(({ domains }) => domains.challenge(tenant.id, name, token));
      if (!dryRun) await tenancy.central(keep, origin);
    } else if (isAsked) {
      if (before?.challenged !== true) refuse(texts.noToken(tenant.slug, name));
      const { DomainNotProvedError } = await import("../../errors.ts");
      const notFound = texts.notFound(provingName(name), name);
      const missing = (cause?: unknown) =>
        new DomainNotProvedError(
          provedAt === undefined
            ? notFound
            : texts.stays(notFound, new Date(provedAt).toISOString()),
          { cause },
        );
      const found = await readTexts(provingName(name), dnsServer, signal).catch(
        (error: unknown) => {
          throw missing(error);
        },
      );
      const tokens = found.flatMap((value) => tokenOf(value) ?? []);
      const prove = () => proveDomain(registry, key, { tokens, rehearse: dryRun });
      isProved = await tenancy.central(prove, origin);
      if (!isProved) throw missing();
    }
    const now = (await look()) ?? { name, primary: false, verifiedAt: undefined };
    const value: VerifyOutput = {
      ...{ dryRun, tenant: tenant.slug, domain: describeDomain(now), verified: isProved, record },
    };
    return {
      value,
      quiet: record === null ? [name] : [record.value],
      show(print) {
        if (record !== null) {
          print.line(texts.record);
          print.line(`  ${record.name}  TXT  "${record.value}"`, "bold");
        } else if (provedAt !== undefined && !isAsked) {
          print.line(texts.before(name, new Date(provedAt).toISOString()), "green");
        } else print.line(dryRun ? texts.would(name) : texts.proved(name), "green");
        if (dryRun) print.line(catalogue.words.nothingChanged, "yellow");
      },
    };
  },
});

/** As `setServers` of Node takes it. */
function isServer(address: string): boolean {
  const [, bracketed, plain, port] =
    /^(?:\[([^\]]+)\]|([^:]+)|)(?::(\d{1,5}))?$/.exec(address) ?? [];
  if (isIP(address) !== 0) return true;
  return isIP(bracketed ?? plain ?? "") !== 0 && (port === undefined || Number(port) < 65_536);
}
