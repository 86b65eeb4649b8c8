import { assertTrusted } from "./assert-trusted.ts";
import { checkSide } from "./check-side.ts";
import type { TenancyRequest, TenantResolver } from "./contracts/resolver.ts";
import type { Tenant } from "./contracts/tenant.ts";
import { ConfigurationError } from "./errors/configuration-errors.ts";
import { AmbiguousPathError } from "./errors/resolution-errors.ts";
import { checkKnownOptions } from "./known-options.ts";
import { exactPath, loosePath, prefixesOf } from "./path-readings.ts";
import type { RouteMode } from "./request-exchange.ts";

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

/** What rules come to. */
export interface RouteChoices {
  /**
   * Makes the choice of the first rule that a request's path is below, and of the adapter's own where there is none. Where
   * it depends on the router which rule that is, all of them hold; where they cannot, the resolver chosen throws
   * `AmbiguousPathError`.
   */
  choiceOf(request: TenancyRequest): RouteChoice;
  /** `undefined` where there are no rules. */
  readonly checkRewritten: CheckRewritten | undefined;
}

/**
 * Checks the rules for a path that handlers see in place of what was asked for, once `resolver` has told the tenant.
 * Throws `WrongSideError` where a rule is for the other side, and `AmbiguousPathError` where one has another resolver.
 */
export type CheckRewritten = (
  url: string,
  tenant: Tenant | null,
  resolver: TenantResolver | undefined,
) => void;

interface KnownRule {
  readonly rule: RouteRule;
  readonly prefix: { readonly exact: string; readonly loose: string };
  readonly choice: RouteChoice;
}

/** Throws `ConfigurationError` for what is no rule; `standard` holds where no rule does. */
export function routeChoices(rules: unknown, standard: RouteChoice): RouteChoices {
  checkMode("mode", standard.mode);
  checkResolver("resolve", standard.resolver);
  if (rules === undefined) return { choiceOf: () => standard, checkRewritten: undefined };
  if (!Array.isArray(rules)) {
    throw new ConfigurationError("routes", `of type ${typeof rules}`, "give an array of rules.");
  }
  const known = rules.map((rule: RouteRule, index) =>
    knownRule(`routes[${index}]`, rule, standard),
  );
  return {
    choiceOf({ url }) {
      const exact = exactPath(url);
      const loose = loosePath(url);
      let chosen: RouteChoice | undefined;
      for (const { prefix, choice, rule } of known) {
        if (!loose.startsWith(prefix.loose)) continue;
        chosen = chosen === undefined ? choice : both(chosen, choice);
        if (chosen === undefined) return ambiguous(url, rule);
        if (exact.startsWith(prefix.exact)) return chosen;
      }
      if (chosen === undefined) return standard;
      return both(chosen, standard) ?? ambiguous(url);
    },
    checkRewritten(url, tenant, resolver) {
      const exact = exactPath(url);
      const loose = loosePath(url);
      for (const { prefix, rule } of known) {
        if (!loose.startsWith(prefix.loose)) continue;
        const { path, mode = "universal", resolve = resolver } = rule;
        checkSide(mode, tenant);
        if (resolve !== resolver) throw new AmbiguousPathError(url, notAsked(path));
        if (exact.startsWith(prefix.exact)) return;
      }
    },
  };
}

/** Gives the choice that does what either says; none when they cannot both hold. */
function both(one: RouteChoice, other: RouteChoice): RouteChoice | undefined {
  if (one.resolver !== other.resolver) return undefined;
  if (one.mode === other.mode || other.mode === "universal") return one;
  return one.mode === "universal" ? other : undefined;
}

/** Refuses when the tenant is asked for, so that it is a refusal like any other. */
function ambiguous(url: string, rule?: RouteRule): RouteChoice {
  const other = rule === undefined ? "no rule at all" : `the rule "${rule.path}"`;
  const reason = `it depends on the router whether an earlier rule or ${other} holds`;
  const resolve = () => {
    throw new AmbiguousPathError(url, reason);
  };
  return { mode: "universal", resolver: { name: "routes", resolve } };
}

function notAsked(path: string): string {
  return `without its tenant it is below the rule "${path}", whose resolver was not asked`;
}

function knownRule(key: string, rule: RouteRule, standard: RouteChoice): KnownRule {
  checkKnownOptions<RouteRule>(key, rule, { path: true, mode: true, resolve: true });
  const { path, mode = standard.mode, resolve = standard.resolver } = rule;
  if (typeof path !== "string" || !/^\/[^?#;%:*\s\p{Surrogate}]*$/u.test(path)) {
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
  return { rule: { ...rule }, prefix: prefixesOf(path), choice: { mode, resolver: resolve } };
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
