import {
  type CentralDomains,
  ConfigurationError,
  isThenable,
  type MaybePromise,
  type TenancyRequest,
  type TenantResolution,
  type TenantResolver,
} from "@af-tenancy/core";

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
  for (const [index, resolver] of resolvers.entries()) checkResolver(index, resolver);
  const names = resolvers.map((resolver) => resolver.name);
  checkNames(names);
  return {
    name: `firstOf(${names.join(", ")})`,
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

function checkResolver(index: number, resolver: Partial<TenantResolver> | null): void {
  if (typeof resolver?.resolve === "function" && typeof resolver.name === "string") return;
  throw new ConfigurationError(
    `firstOf[${index}]`,
    "no resolver",
    "pass what has a name and a resolve function, such as domainResolver().",
  );
}

function checkNames(names: readonly string[]): void {
  if (names.length === 0) {
    throw new ConfigurationError("firstOf", "empty", "give it at least one resolver.");
  }
  const twice = names.find((name, index) => names.indexOf(name) !== index);
  if (twice === undefined) return;
  throw new ConfigurationError(
    `firstOf[${names.lastIndexOf(twice)}].name`,
    `"${twice}", like that of an earlier resolver`,
    "give each resolver its own name.",
  );
}
