import type { TenantResolver } from "@af-tenancy/core";
import { byHost } from "./by-host.ts";
import { isMachineHost } from "./is-machine-host.ts";

/**
 * Finds the tenant by the whole host name: `shop.acme.com` is the tenant that has the domain `shop.acme.com`.
 *
 * IP addresses and `localhost` say nothing about a tenant, so unless they are central there is no opinion about them:
 * another resolver may have one (a header on an internal call); otherwise the answer is 400 with the advice to list the
 * host as central. 404 would claim that a tenant had been looked for.
 *
 * @example createTenancy({ central: ["example.com"], resolve: domainResolver() })
 * @throws InvalidHostError from `resolve`, when the request has no valid host.
 */
export function domainResolver(): TenantResolver {
  return {
    name: "domain",
    resolve: byHost((host, central) => {
      if (central.has(host)) return { kind: "central" };
      if (isMachineHost(host)) return undefined;
      return { kind: "tenant", candidates: [{ by: "domain", value: host }] };
    }),
  };
}
