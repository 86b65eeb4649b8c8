import { assertTrusted } from "./assert-trusted.ts";
import type { TenancyRequest, TenantResolver } from "./contracts/resolver.ts";
import { ConfigurationError } from "./errors/configuration-errors.ts";
import { checkKnownOptions } from "./known-options.ts";
import type { RouteMode } from "./request-journey.ts";

/** What holds for all routes below a path; known before the framework has looked for a route. */
export interface RouteRule {
  /** Whole segments at the beginning of the path, such as `/admin`; `/` is every path. */
  readonly path: string;
  /** Which side these routes belong to; the adapter's `mode` when absent. */
  readonly mode?: RouteMode;
  /** Tells the tenant here; the adapter's `resolve` when absent. */
  readonly resolve?: TenantResolver;
}

/** What was decided about one request. */
export interface RouteChoice {
  readonly mode: RouteMode;
  /** The tenancy's own when `undefined`. */
  readonly resolver: TenantResolver | undefined;
}

/**
 * Makes the choice of the first rule that a request's path is below, and of `standard` where there is none. Paths are
 * compared in lower case, decoded and without repeated slashes: whatever a router may take for the path is below it.
 * Throws `ConfigurationError` for what is no rule.
 */
export function routeChoices(
  rules: unknown,
  standard: RouteChoice,
): (request: TenancyRequest) => RouteChoice {
  checkMode("mode", standard.mode);
  checkResolver("resolve", standard.resolver);
  if (rules === undefined) return () => standard;
  if (!Array.isArray(rules)) {
    throw new ConfigurationError("routes", `of type ${typeof rules}`, "give an array of rules.");
  }
  const choices = rules.map((rule: RouteRule, index) =>
    checkedRule(`routes[${index}]`, rule, standard),
  );
  return function choiceOf({ url }) {
    const path = pathOf(url);
    return choices.find(({ prefix }) => path.startsWith(prefix))?.choice ?? standard;
  };
}

function checkedRule(key: string, rule: RouteRule, standard: RouteChoice) {
  checkKnownOptions<RouteRule>(key, rule, { path: true, mode: true, resolve: true });
  const { path, mode = standard.mode, resolve = standard.resolver } = rule;
  if (typeof path !== "string" || !/^\/[^?#;%:*\s]*$/.test(path)) {
    const shown =
      typeof path === "string" ? JSON.stringify(path.slice(0, 60)) : `of type ${typeof path}`;
    throw new ConfigurationError(
      `${key}.path`,
      shown,
      'give the beginning of a path, such as "/admin".',
    );
  }
  checkMode(`${key}.mode`, mode);
  checkResolver(`${key}.resolve`, resolve);
  return { prefix: pathOf(path), choice: { mode, resolver: resolve } };
}

function checkMode(key: string, mode: unknown): void {
  if (["tenant", "central", "universal"].includes(mode as string)) return;
  throw new ConfigurationError(key, `"${String(mode)}"`, 'use "tenant", "central" or "universal".');
}

function checkResolver(key: string, resolver: Partial<TenantResolver> | undefined): void {
  if (resolver === undefined) return;
  if (typeof resolver?.resolve !== "function" || typeof resolver.name !== "string") {
    throw new ConfigurationError(key, "no resolver", "pass a resolver, such as domainResolver().");
  }
  assertTrusted(key, resolver);
}

/** Ends in a slash, so that `/admin` is below `/admin` and `/administrators` is not. */
function pathOf(url: string): string {
  const [path = ""] = url.replace(/^[a-z]+:\/\/[^/?#]*/i, "").split(/[?#;]/, 1);
  return `${decoded(path)}/`.toLowerCase().replace(/\/{2,}/g, "/");
}

function decoded(path: string): string {
  if (!path.includes("%")) return path;
  try {
    return decodeURIComponent(path);
  } catch {
    return path;
  }
}
