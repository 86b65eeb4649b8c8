import {
  type CentralDomains,
  isThenable,
  type MaybePromise,
  type ResolverOpinion,
  type TenancyRequest,
  type TenantResolution,
  type TenantResolver,
} from "@af-tenancy/core";
import { checkResolvers, spoofableOf, variesOf } from "./check-resolver.ts";

/**
 * Asks all resolvers, and the tenancy looks up every opinion: those that there are have to mean the same tenant, or the
 * answer is 400, and 401 where only credentials mean another one. Resolvers without an opinion are left out; a host that names nobody is an opinion here.
 *
 * @example strict(firstOf(subdomainResolver({ domain }), domainResolver()), claimResolver({ key, algorithms: ["ES256"] }))
 * @throws ConfigurationError when there is no resolver, one is none, or two have the same name.
 */
export function strict(...resolvers: readonly TenantResolver[]): TenantResolver {
  checkResolvers("strict", resolvers);
  return {
    name: `strict(${resolvers.map(({ name }) => name).join(", ")})`,
    spoofable: spoofableOf(resolvers),
    varies: variesOf(resolvers),
    resolve(request, central) {
      return allOpinions(resolvers, request, central, []);
    },
  };
}

/** Stays synchronous for as long as the resolvers do. */
function allOpinions(
  resolvers: readonly TenantResolver[],
  request: TenancyRequest,
  central: CentralDomains,
  opinions: readonly ResolverOpinion[],
): MaybePromise<TenantResolution | undefined> {
  const all = [...opinions];
  for (const [index, resolver] of resolvers.entries()) {
    const resolution = resolver.resolve(request, central);
    if (isThenable(resolution)) {
      const others = resolvers.slice(index + 1);
      return resolution.then((later) =>
        allOpinions(others, request, central, [...all, ...opinionOf(resolver, later)]),
      );
    }
    all.push(...opinionOf(resolver, resolution));
  }
  return all.length === 0 ? undefined : { kind: "strict", opinions: all };
}

function opinionOf(
  { name }: TenantResolver,
  resolution: TenantResolution | undefined,
): readonly ResolverOpinion[] {
  return resolution === undefined ? [] : [{ resolver: name, resolution }];
}
