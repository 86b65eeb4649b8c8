import { ConfigurationError, checkKnownOptions, type TenantResolver } from "@af-tenancy/core";
import { checkText } from "./option-text.ts";
import { pathPattern } from "./path-pattern.ts";
import { type CheckedName, checkBy, tenantNames } from "./tenant-name.ts";

/** How `pathResolver` reads a request. */
export interface PathResolverOptions {
  /** Beginnings of paths, tried in order; a segment of each is the tenant, as in `/t/:tenant` or `/c/:tenant:code`. */
  readonly routes: readonly string[];
  /** The name of that segment in `routes`; `tenant` when absent. */
  readonly parameter?: string;
  /** What the segment is: `slug` when absent; `id`, `domain`, or an attribute that the store declares. */
  readonly by?: string;
  /** What else a route may say that its segment is, such as `code` for `/c/:tenant:code`; nothing when absent. */
  readonly attributes?: readonly string[];
  /** Whether handlers see the path without what the route matched, as below a mounted router; `true` when absent. */
  readonly strip?: boolean;
}

/**
 * Finds the tenant in the path: with the route `/t/:tenant`, `/t/acme/notes` is the path `/notes` of the tenant `acme`.
 * About paths that no route matches there is no opinion.
 *
 * @example firstOf(pathResolver({ routes: ["/t/:tenant"] }), domainResolver())
 * @throws ConfigurationError when an option cannot be right, or a route lacks the parameter.
 * @throws InvalidReferenceError from `resolve`, when the segment names no tenant.
 */
export function pathResolver(options: PathResolverOptions): TenantResolver {
  checkKnownOptions<PathResolverOptions>("pathResolver", options, {
    routes: true,
    parameter: true,
    by: true,
    attributes: true,
    strip: true,
  });
  const { routes, parameter = "tenant", by = "slug", attributes = [], strip = true } = options;
  checkText("pathResolver.parameter", parameter, "tenant");
  checkBy("pathResolver.by", by);
  const extra = listed("pathResolver.attributes", attributes);
  for (const [index, one] of extra.entries()) checkBy(`pathResolver.attributes[${index}]`, one);
  const rules = { parameter, by, attributes: extra };
  const patterns = listed("pathResolver.routes", routes).map((route, index) =>
    pathPattern(`pathResolver.routes[${index}]`, route, rules),
  );
  if (patterns.length === 0) {
    throw new ConfigurationError(
      "pathResolver.routes",
      "empty",
      'give at least one, such as "/t/:tenant".',
    );
  }
  const checked = new Map<string, CheckedName>(
    [by, ...extra].map((one) => [one, tenantNames("path", one)]),
  );
  return {
    name: "path",
    resolve({ url }) {
      const { path, rest: query } = partsOf(url);
      for (const match of patterns) {
        const found = match(path);
        if (found === undefined) continue;
        const value = checked.get(found.by)?.(found.value) ?? found.value;
        const candidates = [{ by: found.by, value }];
        if (!strip) return { kind: "tenant", candidates };
        const below = found.rest === "" ? "/" : found.rest;
        return { kind: "tenant", candidates, url: `${below}${query}` };
      }
      return undefined;
    },
  };
}

function listed(key: string, list: unknown): readonly string[] {
  if (Array.isArray(list)) return list;
  throw new ConfigurationError(key, `of type ${typeof list}`, "give an array.");
}

/** A request target may be a whole address; what follows its host is the path. */
function partsOf(url: string): { readonly path: string; readonly rest: string } {
  const start = url.startsWith("/") ? 0 : (/^https?:\/\/[^/?#]*/i.exec(url)?.[0].length ?? 0);
  const target = url.slice(start);
  const end = target.search(/[?#]/);
  return end === -1
    ? { path: target, rest: "" }
    : { path: target.slice(0, end), rest: target.slice(end) };
}
