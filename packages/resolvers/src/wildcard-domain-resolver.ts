import type { TenantResolver } from "@af-tenancy/core";
import { byHost } from "./by-host.ts";
import { isMachineHost } from "./is-machine-host.ts";

/**
 * Finds the tenant by the whole host name, and where nobody has that, by a wildcard domain one label up: a tenant with the
 * domain `*.acme.com` answers to `shop.acme.com`, unless another tenant has just that. As in certificates a wildcard stands
 * for exactly one label, so `a.b.acme.com` is not meant, nor `acme.com` itself.
 *
 * @example createTenancy({ central: ["example.com"], resolve: wildcardDomainResolver() })
 * @throws InvalidHostError from `resolve`, when the request has no valid host.
 */
export function wildcardDomainResolver(): TenantResolver {
  return {
    name: "wildcardDomain",
    resolve: byHost((host, central) => {
      if (central.has(host)) return { kind: "central" };
      if (isMachineHost(host)) return undefined;
      const exact = { by: "domain", value: host };
      const parent = host.slice(host.indexOf("."));
      if (!parent.includes(".", 1)) return { kind: "tenant", candidates: [exact] };
      return { kind: "tenant", candidates: [exact, { by: "domain", value: `*${parent}` }] };
    }),
  };
}
