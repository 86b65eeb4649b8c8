import { checkKnownOptions, type TenantResolver } from "@af-tenancy/core";
import { InvalidReferenceError } from "./errors.ts";
import { checkText } from "./option-text.ts";
import { checkBy, tenantNames } from "./tenant-name.ts";

/** How `queryResolver` reads a request. */
export interface QueryResolverOptions {
  /** The name of the query parameter, such as `tenant`. */
  readonly parameter: string;
  /** What its value is: `slug` when absent; `id`, `domain`, or an attribute that the store declares. */
  readonly by?: string;
}

/**
 * Finds the tenant in a parameter of the query, as in `/notes?tenant=acme`. Anybody can write one, so it has to be
 * wrapped in `trusted`.
 *
 * @example trusted(queryResolver({ parameter: "tenant" }), { anyone: "each handler asks for the user's membership" })
 * @throws ConfigurationError when an option cannot be right.
 * @throws InvalidReferenceError from `resolve`, when the parameter is doubled or names no tenant.
 */
export function queryResolver(options: QueryResolverOptions): TenantResolver {
  checkKnownOptions<QueryResolverOptions>("queryResolver", options, { parameter: true, by: true });
  const { parameter, by = "slug" } = options;
  checkText("queryResolver.parameter", parameter, "tenant");
  checkBy("queryResolver.by", by);
  const place = `query parameter "${parameter}"`;
  const checkedName = tenantNames(place, by);
  return {
    name: "query",
    spoofable: `the ${place}`,
    resolve({ url }) {
      const start = url.indexOf("?");
      if (start === -1) return undefined;
      const values = new URLSearchParams(url.slice(start + 1)).getAll(parameter);
      if (values.length === 0) return undefined;
      if (values.length > 1) {
        throw new InvalidReferenceError(place, values.join(", "), "it was sent more than once");
      }
      return { kind: "tenant", candidates: [{ by, value: checkedName(values[0]) }] };
    },
  };
}
