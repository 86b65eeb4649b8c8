import { checkKnownOptions, type TenantResolver } from "@af-tenancy/core";
import { byHost } from "./by-host.ts";
import { isMachineHost } from "./is-machine-host.ts";
import { checkDomain, labelBefore } from "./under-domain.ts";

/** How `subdomainResolver` reads a host. */
export interface SubdomainResolverOptions {
  /** The domain whose subdomains name tenants, such as `example.com`; in development `localhost` will do. */
  readonly domain: string;
}

/**
 * Finds the tenant in the host name: `acme.example.com` is the tenant with the slug `acme`.
 *
 * Exactly one label under the domain counts. Every other host names nobody (404), unless a resolver beside this one in
 * `firstOf` knows it. About IP addresses, `localhost` and the domain itself there is no opinion: list them as central.
 *
 * @example createTenancy({ central: ["example.com"], resolve: subdomainResolver({ domain: "example.com" }) })
 * @throws ConfigurationError when `domain` is no canonical host name, or an option is unknown.
 * @throws InvalidHostError from `resolve`, when the request has no valid host.
 */
export function subdomainResolver(options: SubdomainResolverOptions): TenantResolver {
  checkKnownOptions<SubdomainResolverOptions>("subdomainResolver", options, { domain: true });
  const { domain } = options;
  checkDomain("subdomainResolver.domain", domain);
  const suffix = `.${domain}`;
  return {
    name: "subdomain",
    resolve: byHost((host, central) => {
      if (central.has(host)) return { kind: "central" };
      if (host === domain || isMachineHost(host)) return undefined;
      const label = labelBefore(suffix, host);
      if (label === undefined) return { kind: "nobody", reference: { by: "host", value: host } };
      return { kind: "tenant", candidates: [{ by: "slug", value: label }] };
    }),
  };
}
