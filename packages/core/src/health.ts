import { checkTenancy } from "./check-tenancy.ts";
import type { Tenant } from "./contracts/tenant.ts";
import { ConfigurationError } from "./errors/configuration-errors.ts";
import { checkKnownOptions } from "./known-options.ts";
import type { MaybePromise } from "./maybe-promise.ts";
import type { Tenancy } from "./tenancy.ts";

/** Looks at one thing; what it gives is ignored. */
export type HealthCheck = () => MaybePromise<
  object | string | number | boolean | null | undefined | void
>;

/** What health handlers look at. */
export interface HealthOptions {
  /** What is looked at besides, by name: each one rejects or throws where it is not well. */
  readonly checks?: Readonly<Record<string, HealthCheck>>;
  /** Milliseconds that each check may take; 2,000 when absent. */
  readonly timeoutMs?: number;
}

/** What a health handler answers; the same in every framework. */
export interface HealthAnswer {
  readonly status: 200 | 503;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: {
    readonly status: "ok" | "unavailable";
    readonly tenant?: string;
    readonly checks?: Readonly<Record<string, "ok" | "failed">>;
  };
}

/** Says that the process lives, whatever it can do. */
export function livenessAnswer(): HealthAnswer {
  return { status: 200, headers: uncached, body: { status: "ok" } };
}

/**
 * For adapters: makes what says whether requests can be served: the tenancy is started, tenants can be looked up, and the
 * application's own checks are well. Throws `ConfigurationError`.
 */
export function readinessCheck<T extends Tenant>(
  tenancy: Tenancy<T>,
  options: HealthOptions = {},
): () => Promise<HealthAnswer> {
  const { checks, within } = checked(tenancy, options, "readiness");
  const all = {
    tenancy: () => tenancy.central(() => undefined),
    registry: () => tenancy.store.find({ by: "id", value: "~readiness" }),
    ...checks,
  };
  return () => within(all, {});
}

/** For adapters: makes what says whether the present tenant can be served. Throws `ConfigurationError`. */
export function tenantHealthCheck<T extends Tenant>(
  tenancy: Tenancy<T>,
  options: HealthOptions = {},
): () => Promise<HealthAnswer> {
  const { checks, within } = checked(tenancy, options, "tenantHealth");
  return async () => within(checks, { tenant: tenancy.currentOrFail().slug });
}

type Checks = NonNullable<HealthOptions["checks"]>;

function checked<T extends Tenant>(tenancy: Tenancy<T>, options: HealthOptions, factory: string) {
  checkTenancy(tenancy);
  checkKnownOptions<HealthOptions>(factory, options, { checks: true, timeoutMs: true });
  const { checks = {}, timeoutMs = 2_000 } = options;
  if (!(Number.isInteger(timeoutMs) && timeoutMs > 0 && timeoutMs <= 60_000)) {
    const remedy = "give whole milliseconds from 1 to 60,000.";
    throw new ConfigurationError(`${factory}.timeoutMs`, String(timeoutMs), remedy);
  }
  const wrong = Object.keys(checks).find((name) => typeof checks[name] !== "function");
  if (wrong !== undefined) {
    const key = `${factory}.checks.${wrong}`;
    throw new ConfigurationError(key, `of type ${typeof checks[wrong]}`, "pass a function.");
  }
  return {
    checks,
    within: (all: Checks, more: { readonly tenant?: string }) =>
      answer(all, more, timeoutMs, (error) => tenancy.report(error)),
  };
}

async function answer(
  checks: Checks,
  more: { readonly tenant?: string },
  timeoutMs: number,
  report: (error: unknown) => void,
): Promise<HealthAnswer> {
  const results = await Promise.all(
    Object.entries(checks).map(async ([name, check]) => {
      return [name, await resultOf(check, timeoutMs, report)] as const;
    }),
  );
  const ok = results.every(([, result]) => result === "ok");
  const body = {
    status: ok ? ("ok" as const) : ("unavailable" as const),
    ...more,
    ...(results.length > 0 && { checks: Object.fromEntries(results) }),
  };
  if (ok) return { status: 200, headers: uncached, body };
  return { status: 503, headers: { ...uncached, "retry-after": "5" }, body };
}

/** Gives up waiting, not the check: what it does cannot be taken back. */
async function resultOf(
  check: HealthCheck,
  timeoutMs: number,
  report: (error: unknown) => void,
): Promise<"ok" | "failed"> {
  const { promise, resolve } = Promise.withResolvers<"failed">();
  const timer = setTimeout(() => resolve("failed"), timeoutMs);
  try {
    return await Promise.race([(async () => check())().then(() => "ok" as const), promise]);
  } catch (error) {
    report(error);
    return "failed";
  } finally {
    clearTimeout(timer);
  }
}

const uncached: Readonly<Record<string, string>> = Object.freeze({ "cache-control": "no-store" });
