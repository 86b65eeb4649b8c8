import {
  type CentralDomains,
  isThenable,
  type MaybePromise,
  type TenancyRequest,
  type TenantResolution,
  type TenantResolver,
} from "@af-tenancy/core";
import { checkResolvers, spoofableOf, variesOf } from "./check-resolver.ts";

/**
 * Asks resolvers in turn and takes the first opinion.
 *
 * An opinion is final: when the tenant that it names does not exist, or a resolver throws, the next one is not asked.
 * Only where a resolver says that nobody is named, the next one may know better.
 *
 * @example firstOf(subdomainResolver({ domain: "example.com" }), domainResolver())
 * @throws ConfigurationError when there is no resolver, one is none, or two have the same name.
 */
export function firstOf(...resolvers: readonly TenantResolver[]): TenantResolver {
  checkResolvers("firstOf", resolvers);
  return {
    name: `firstOf(${resolvers.map(({ name }) => name).join(", ")})`,
    spoofable: spoofableOf(resolvers),
    varies: variesOf(resolvers),
    resolve(request, central) {
      return firstOpinion(resolvers, request, central);
    },
  };
}

/** Stays synchronous for as long as the resolvers do. */
function firstOpinion(
  resolvers: readonly TenantResolver[],
  request: TenancyRequest,
  central: CentralDomains,
  before?: TenantResolution,
): MaybePromise<TenantResolution | undefined> {
  let nobody = before;
  for (let index = 0; index < resolvers.length; index++) {
    const opinion = resolvers[index]?.resolve(request, central);
    if (isThenable(opinion)) {
      const others = resolvers.slice(index + 1);
      return opinion.then((later) =>
        isFinal(later) ? later : firstOpinion(others, request, central, nobody ?? later),
      );
    }
    if (isFinal(opinion)) return opinion;
    nobody ??= opinion;
  }
  return nobody;
}

/** That a host names nobody says only that this resolver does not know it. */
function isFinal(opinion: TenantResolution | undefined): boolean {
  return opinion !== undefined && opinion.kind !== "nobody";
}
