import type { TenantResolver } from "@af-tenancy/core";

/** Listens to a resolver only where the request comes from a peer that may say such things. */
export function trusting(peers: readonly string[], resolver: TenantResolver): TenantResolver {
  return {
    name: `trusted ${resolver.name}`,
    resolve(request, central) {
      const { remoteAddress } = request;
      if (remoteAddress === undefined || !peers.includes(remoteAddress)) return undefined;
      return resolver.resolve(request, central);
    },
  };
}
