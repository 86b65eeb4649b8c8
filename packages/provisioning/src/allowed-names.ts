import { type CentralDomains, mixesScripts, NameReservedError } from "@af-tenancy/core";
import { refuse } from "./refuse.ts";
import type { Workplace } from "./workplace.ts";

/** Names that visitors and mail servers take for the operator's own: no tenant gets them unless `reserved` says so. */
export const reservedNames: readonly string[] = Object.freeze([
  ...["www", "web", "app", "api", "admin", "root", "system", "internal", "static", "assets", "cdn"],
  ...["auth", "login", "sso", "oauth", "account", "accounts", "billing", "pay", "dashboard"],
  ...[
    "support",
    "help",
    "docs",
    "status",
    "blog",
    "mail",
    "email",
    "webmail",
    "smtp",
    "imap",
    "pop",
  ],
  ...[
    "mx",
    "ns",
    "ns1",
    "ns2",
    "dns",
    "ftp",
    "vpn",
    "autodiscover",
    "autoconfig",
    "wpad",
    "isatap",
  ],
  ...["postmaster", "hostmaster", "webmaster", "abuse", "security", "localhost"],
  ...["_dmarc", "_domainkey", "_acme-challenge", "_mta-sts", "mta-sts"],
]);

/**
 * Throws `NameReservedError` for a slug or domain that belongs to the operator or the central side, and
 * `InvalidInputError` for a domain that mixes scripts or a wildcard over everybody's domains. Looks before the names are
 * checked for their form, since some reserved ones have none that a tenant's may have.
 */
export async function assertAllowedNames(workplace: Workplace, wanted: unknown): Promise<void> {
  const { slug, domains } = Object(wanted) as {
    readonly slug?: unknown;
    readonly domains?: unknown;
  };
  if (typeof slug === "string") assertFreeSlug(workplace, slug);
  if (!Array.isArray(domains)) return;
  for (const [index, domain] of domains.entries()) {
    if (typeof domain === "string") await assertAllowedDomain(workplace, index, domain);
  }
}

function assertFreeSlug({ central, reserved }: Workplace, slug: string): void {
  const name = slug.toLowerCase();
  if (reserved.has(name)) throw new NameReservedError("slug", slug);
  // The central side answers under it already.
  if (central.names.some((host) => central.has(`${name}.${host}`))) {
    throw new NameReservedError("slug", slug);
  }
}

async function assertAllowedDomain(
  { central, reserved, mixedScripts }: Workplace,
  index: number,
  domain: string,
): Promise<void> {
  const name = domain.toLowerCase().replace(/\.$/, "");
  if (central.has(name) || isReserved(name, central, reserved) || isOverCentral(name, central)) {
    throw new NameReservedError("domain", domain);
  }
  const field = `domains[${index}]`;
  if (!mixedScripts && mixesScripts(name)) {
    const rule =
      "it mixes scripts, as names do that are to look like others; if it is genuine, allow provisioning({ mixedScripts: true })";
    refuse(field, domain, rule);
  }
  if (name.startsWith("*.") && (await isPublicSuffix(name.slice(2)))) {
    refuse(
      field,
      domain,
      "it stands for everybody's domains: a wildcard goes below a domain of the tenant's own",
    );
  }
}

/** `www.example.com` is the operator's where `example.com` is central; `www.acme.com` is acme's. */
function isReserved(name: string, central: CentralDomains, reserved: ReadonlySet<string>): boolean {
  const dot = name.indexOf(".");
  return dot !== -1 && reserved.has(name.slice(0, dot)) && central.has(name.slice(dot + 1));
}

/** A wildcard beside or below central names would take what the operator may still want. */
function isOverCentral(name: string, central: CentralDomains): boolean {
  if (!name.startsWith("*.")) return false;
  const parent = name.slice(2);
  return central.names.some((host) => host === parent || host.endsWith(`.${parent}`));
}

/** The list is large, and most fleets have no wildcard. */
async function isPublicSuffix(domain: string): Promise<boolean> {
  const { getDomain } = await import("tldts");
  return getDomain(domain, { allowPrivateDomains: true }) === null;
}
