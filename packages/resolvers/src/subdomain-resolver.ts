import { ConfigurationError, checkKnownOptions, type TenantResolver } from "@af-tenancy/core";
import { canonicalHost } from "./canonical-host.ts";
import { isMachineHost } from "./is-machine-host.ts";
import { parseHost, type RefuseHost } from "./parse-host.ts";

/** How `subdomainResolver` reads a host. */
export interface SubdomainResolverOptions {
  /** The domain whose subdomains name tenants, such as `example.com`; in development `localhost` will do. */
  readonly domain: string;
}

/**
 * Finds the tenant in the host name: `acme.example.com` is the tenant with the slug `acme`.
 *
 * Exactly one label under the domain counts; about every other host that is not central there is no opinion.
 *
 * @example createTenancy({ central: ["example.com"], resolve: subdomainResolver({ domain: "example.com" }) })
 * @throws ConfigurationError when `domain` is no canonical host name, or an option is unknown.
 * @throws InvalidHostError from `resolve`, when the request has no valid host.
 */
export function subdomainResolver(options: SubdomainResolverOptions): TenantResolver {
  checkKnownOptions<SubdomainResolverOptions>("subdomainResolver", options, { domain: true });
  const { domain } = options;
  checkDomain(domain);
  const suffix = `.${domain}`;
  return {
    name: "subdomain",
    resolve(request, central) {
      const host = canonicalHost(request);
      if (central.has(host)) return { kind: "central" };
      const labelEnd = host.length - suffix.length;
      if (host.indexOf(".") !== labelEnd || !host.endsWith(suffix)) return undefined;
      return { kind: "tenant", candidates: [{ by: "slug", value: host.slice(0, labelEnd) }] };
    },
  };
}

/** A host under the domain has to be one that a request can name and that is no address. */
function checkDomain(domain: string): void {
  const refuse: RefuseHost = () => {
    throw new ConfigurationError(
      "subdomainResolver.domain",
      JSON.stringify(domain),
      'give a host name such as "example.com": ASCII, lower case, no port, no dot at either end.',
    );
  };
  const host = `tenant.${domain}`;
  if (typeof domain !== "string") refuse(host, "no text");
  if (parseHost(host, refuse) !== host || isMachineHost(host)) refuse(host, "not canonical");
}
