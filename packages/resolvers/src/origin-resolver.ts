import type { TenancyRequest, TenantResolver } from "@af-tenancy/core";
import { checkResolver } from "./check-resolver.ts";
import { InvalidReferenceError } from "./errors.ts";
import { headerValues } from "./header-values.ts";
import { parseHost, type RefuseHost } from "./parse-host.ts";

/**
 * Finds the tenant by the host in the `Origin` header, which browsers send and pages cannot change: for an API on one host
 * that is called from tenants' pages. What the host means is said by a resolver of hosts. Without the header, and for
 * `null`, there is no opinion.
 *
 * @example firstOf(originResolver(subdomainResolver({ domain: "example.com" })), domainResolver())
 * @throws ConfigurationError when there is no resolver.
 * @throws InvalidReferenceError from `resolve`, when the header is doubled or is neither a host nor an address without path.
 */
export function originResolver(hosts: TenantResolver): TenantResolver {
  checkResolver("originResolver", hosts);
  return {
    name: "origin",
    spoofable: hosts.spoofable,
    resolve(request, central) {
      const values = headerValues(request.rawHeaders, "origin");
      const [origin] = values;
      if (origin === undefined) return undefined;
      if (values.length > 1) refuse(values.join(", "), "it was sent more than once");
      if (origin === "null") return undefined;
      return hosts.resolve(requestFor(hostOf(origin), request), central);
    },
  };
}

function hostOf(origin: string): string {
  const authority = /^https?:\/\/(.*)$/i.exec(origin)?.[1] ?? origin;
  return parseHost(authority, refuse);
}

function requestFor(host: string, { method, remoteAddress }: TenancyRequest): TenancyRequest {
  return { method, url: "/", rawHeaders: ["Host", host], remoteAddress };
}

const refuse: RefuseHost = (text, reason) => {
  throw new InvalidReferenceError('header "Origin"', text, reason);
};
