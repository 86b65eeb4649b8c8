import {
  ConfigurationError,
  checkKnownOptions,
  headerValues,
  InvalidHostError,
  type TenancyRequest,
  type TenantResolver,
} from "@af-tenancy/core";
import { hostHeader } from "./canonical-host.ts";
import { checkResolver } from "./check-resolver.ts";
import { forwardedHost } from "./forwarded-host.ts";
import { peerList } from "./peer-list.ts";

/** Which proxies are believed about the host. */
export interface BehindProxyOptions {
  /** Addresses and networks of your own proxies, such as `["10.0.0.0/8"]`. */
  readonly peers: readonly string[];
  /** The one header that they set: `X-Forwarded-Host` when absent, or `Forwarded` (RFC 7239). */
  readonly header?: "X-Forwarded-Host" | "Forwarded";
}

/**
 * Gives a resolver the host that a trusted proxy was asked for, where that proxy changes `Host`. From every other peer the
 * header is ignored, and a trusted one has to send it once, with one host: a list shows that somebody else wrote in it.
 *
 * @example behindProxy(domainResolver(), { peers: ["10.0.0.0/8"] })
 * @throws ConfigurationError when there is no resolver, a peer is no address or network, or the header is another one.
 * @throws InvalidHostError from `resolve`, when a trusted peer names more than one host, or a malformed one.
 */
export function behindProxy(resolver: TenantResolver, options: BehindProxyOptions): TenantResolver {
  checkResolver("behindProxy", resolver);
  checkKnownOptions<BehindProxyOptions>("behindProxy", options, { peers: true, header: true });
  const { peers, header = "X-Forwarded-Host" } = options;
  if (header !== "X-Forwarded-Host" && header !== "Forwarded") {
    const remedy = 'use "X-Forwarded-Host" or "Forwarded".';
    throw new ConfigurationError("behindProxy.header", "another header", remedy);
  }
  const isProxy = peerList("behindProxy.peers", peers);
  const name = header.toLowerCase();
  return {
    name: resolver.name,
    spoofable: resolver.spoofable,
    varies: [...(resolver.varies ?? []), header],
    resolve(request, central) {
      if (!isProxy(request.remoteAddress)) return resolver.resolve(request, central);
      const values = headerValues(request.rawHeaders, name);
      if (values.length > 1) {
        throw new InvalidHostError(
          values.join(", ").slice(0, 260),
          `${header} was sent more than once`,
        );
      }
      const [value] = values;
      if (value === undefined) return resolver.resolve(request, central);
      const host = header === "Forwarded" ? forwardedHost(value) : value.trim();
      if (host === undefined) return resolver.resolve(request, central);
      return resolver.resolve(withHost(request, host), central);
    },
  };
}

/** The `Host` header itself still has to be there once. */
function withHost(request: TenancyRequest, host: string): TenancyRequest {
  const { method, url, rawHeaders, remoteAddress, source } = request;
  hostHeader(rawHeaders);
  const position = rawHeaders.findIndex(
    (part, index) => index % 2 === 0 && part.toLowerCase() === "host",
  );
  return { method, url, rawHeaders: rawHeaders.with(position + 1, host), remoteAddress, source };
}
