import { ConfigurationError, checkKnownOptions, type TenantResolver } from "@af-tenancy/core";
import { checkResolver } from "./check-resolver.ts";
import { peerList } from "./peer-list.ts";

/** Why a resolver may believe what anybody can set; one of the two. */
export type TrustOptions =
  | {
      /** Addresses and networks whose requests are believed, such as `["10.0.0.0/8"]`; of others there is no opinion. */
      readonly peers: readonly string[];
      readonly anyone?: undefined;
    }
  | {
      /** Everybody is believed, and this says why no harm comes of it. */
      readonly anyone: string;
      readonly peers?: undefined;
    };

/**
 * Decides that a resolver may be believed although anybody can set what it reads: `createTenancy` refuses a header, a query
 * parameter or a plain cookie without this.
 *
 * The address is that of the connection, so `peers` are your proxies or services, and they have to remove what came from
 * outside.
 *
 * @example trusted(headerResolver({ header: "X-Tenant" }), { peers: ["10.0.0.0/8"] })
 * @throws ConfigurationError when there is no resolver, or the options name no peers and no reason, or both.
 */
export function trusted(resolver: TenantResolver, options: TrustOptions): TenantResolver {
  checkResolver("trusted", resolver);
  checkKnownOptions<TrustOptions>("trusted", options, { peers: true, anyone: true });
  const { peers, anyone } = options;
  if ((peers === undefined) === (anyone === undefined)) {
    throw new ConfigurationError("trusted", "undecided", "give either peers or anyone.");
  }
  const { name, varies } = resolver;
  if (anyone !== undefined) {
    if (typeof anyone !== "string" || anyone.trim() === "") {
      throw new ConfigurationError(
        "trusted.anyone",
        "no reason",
        "say why everybody may be believed.",
      );
    }
    return { name, varies, resolve: (request, central) => resolver.resolve(request, central) };
  }
  const isTrusted = peerList("trusted.peers", peers);
  return {
    name,
    varies,
    resolve(request, central) {
      return isTrusted(request.remoteAddress) ? resolver.resolve(request, central) : undefined;
    },
  };
}
