import type { TenantResolver } from "@af-tenancy/core";

/** Takes the first opinion of several resolvers. */
export function firstOf(...resolvers: readonly TenantResolver[]): TenantResolver {
  return {
    name: resolvers.map(({ name }) => name).join(", then "),
    async resolve(request, central) {
      for (const resolver of resolvers) {
        const resolution = await resolver.resolve(request, central);
        if (resolution !== undefined) return resolution;
      }
      return undefined;
    },
  };
}
