import { checkKnownOptions, type TenantReference, type TenantResolver } from "@af-tenancy/core";
import { byHost } from "./by-host.ts";
import { isMachineHost } from "./is-machine-host.ts";
import { checkBy } from "./tenant-name.ts";
import { checkDomain, labelBefore } from "./under-domain.ts";

/** How `domainOrSubdomainResolver` reads a host. */
export interface DomainOrSubdomainResolverOptions {
  /** The domain whose subdomains name tenants, such as `example.com`; in development `localhost` will do. */
  readonly domain: string;
  /** What a label under the domain is: `slug` when absent, `domain` where tenants' domains may be bare labels. */
  readonly by?: string;
}

/**
 * Finds the tenant by a label under a domain or by the whole host name, whichever is registered, the label first: for
 * `acme.example.com` that is the tenant `acme`, and where there is none, the one with the domain `acme.example.com`.
 *
 * Unlike `firstOf(subdomainResolver(...), domainResolver())` it goes on to the domain when no tenant has the label.
 *
 * @example domainOrSubdomainResolver({ domain: "example.com" })
 * @throws ConfigurationError when an option cannot be right.
 * @throws InvalidHostError from `resolve`, when the request has no valid host.
 */
export function domainOrSubdomainResolver(
  options: DomainOrSubdomainResolverOptions,
): TenantResolver {
  const known = { domain: true, by: true } as const;
  checkKnownOptions<DomainOrSubdomainResolverOptions>("domainOrSubdomainResolver", options, known);
  const { domain, by = "slug" } = options;
  checkDomain("domainOrSubdomainResolver.domain", domain);
  checkBy("domainOrSubdomainResolver.by", by);
  const suffix = `.${domain}`;
  return {
    name: "domainOrSubdomain",
    resolve: byHost((host, central) => {
      if (central.has(host)) return { kind: "central" };
      if (host === domain || isMachineHost(host)) return undefined;
      const label = labelBefore(suffix, host);
      const whole: TenantReference = { by: "domain", value: host };
      const candidates = label === undefined ? [whole] : [{ by, value: label }, whole];
      return { kind: "tenant", candidates };
    }),
  };
}
