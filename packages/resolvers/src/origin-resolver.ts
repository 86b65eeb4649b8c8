import { headerValues, type TenancyRequest, type TenantResolver } from "@af-tenancy/core";
import { checkResolver } from "./check-resolver.ts";
import { InvalidReferenceError } from "./errors.ts";
import { parseHost, type RefuseHost } from "./parse-host.ts";

/**
 * Finds the tenant by the host in the `Origin` header, which browsers send and pages cannot change: for an API on one host
 * that is called from tenants' pages. What the host means is said by a resolver of hosts. Without the header, for
 * `null`, and for origins that are no web pages, such as `chrome-extension://...` and `file://`, there is no opinion.
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
    varies: ["Origin"],
    resolve(request, central) {
      const values = headerValues(request.rawHeaders, "origin");
      const [origin] = values;
      if (origin === undefined) return undefined;
      if (values.length > 1) refuse(values.join(", "), "it was sent more than once");
      if (origin === "null" || isOfNoWebPage(origin)) return undefined;
      return hosts.resolve(requestFor(hostOf(origin), request), central);
    },
  };
}

/** What follows another scheme is no host of ours: extensions, files and packaged applications have names of their own. */
function isOfNoWebPage(origin: string): boolean {
  const scheme = /^([a-z][a-z0-9+.-]*):\/\//i.exec(origin)?.[1];
  return scheme !== undefined && !/^https?$/i.test(scheme);
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
