import {
  ConfigurationError,
  checkKnownOptions,
  isThenable,
  type MaybePromise,
  type TenancyRequest,
  type TenantResolution,
  type TenantResolver,
} from "@af-tenancy/core";
import { checkResolution } from "./check-resolution.ts";
import { checkToken } from "./option-text.ts";
import { checkBy, tenantNames } from "./tenant-name.ts";

/** What `customResolver` is made from. */
export interface CustomResolverOptions {
  /** Names the resolver in errors; unlike that of every other one. */
  readonly name: string;
  /** Gives what names the tenant, a whole resolution, or nothing where the request does not say. */
  readonly find: (
    request: TenancyRequest,
  ) => MaybePromise<string | TenantResolution | null | undefined>;
  /** What a text that `find` gives is: `id` when absent; `slug`, `domain`, or an attribute that the store declares. */
  readonly by?: string;
  /** What `find` believes although anybody can set it, such as `the path`; then it has to be wrapped in `trusted`. */
  readonly spoofable?: string;
  /** Headers that it reads, `Host` apart; shared caches are told, none when absent. */
  readonly varies?: readonly string[];
}

/**
 * Makes a resolver of a function of your own, and checks the names that it gives like those of every other resolver.
 *
 * @example customResolver({ name: "port", by: "slug", find: ({ source }) => slugOfPort(source.socket.localPort) })
 * @throws ConfigurationError when an option cannot be right.
 * @throws InvalidReferenceError from `resolve`, when the function gives what names no tenant, and ConfigurationError when
 * it gives an object with a `kind` that is no resolution.
 */
export function customResolver(options: CustomResolverOptions): TenantResolver {
  checkKnownOptions<CustomResolverOptions>("customResolver", options, {
    name: true,
    find: true,
    by: true,
    spoofable: true,
    varies: true,
  });
  const { name, find, by = "id", spoofable, varies = [] } = options;
  if (typeof name !== "string" || !/\S/.test(name)) {
    throw new ConfigurationError("customResolver.name", "missing", "give it a name of its own.");
  }
  if (typeof find !== "function") {
    throw new ConfigurationError(
      "customResolver.find",
      `of type ${typeof find}`,
      "pass a function.",
    );
  }
  checkBy("customResolver.by", by);
  if (!Array.isArray(varies)) {
    const shown = `of type ${typeof varies}`;
    throw new ConfigurationError("customResolver.varies", shown, "give names of headers.");
  }
  for (const header of varies) checkToken("customResolver.varies", header, "X-Account");
  const checkedName = tenantNames(`resolver "${name}"`, by);
  const resolutionOf = (found: Awaited<ReturnType<typeof find>>): TenantResolution | undefined => {
    if (found === undefined || found === null) return undefined;
    if (typeof found === "object" && "kind" in found) {
      checkResolution("customResolver.find", found);
      return found;
    }
    return { kind: "tenant", candidates: [{ by, value: checkedName(found) }] };
  };
  return {
    name,
    spoofable,
    varies: varies.length === 0 ? undefined : [...varies],
    resolve(request) {
      const found = find(request);
      return isThenable(found) ? found.then(resolutionOf) : resolutionOf(found);
    },
  };
}
