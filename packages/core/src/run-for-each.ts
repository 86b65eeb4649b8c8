import type { Tenant, TenantLike } from "./contracts/tenant.ts";
import { ConfigurationError } from "./errors/configuration-errors.ts";
import { checkKnownOptions } from "./known-options.ts";
import { isThenable } from "./maybe-promise.ts";

/** How `runForEach` goes through its tenants. */
export interface RunForEachOptions<T extends Tenant> {
  /** How many tenants at a time, at most 1,000; 1 when absent. */
  readonly concurrency?: number;
  /** Called for each failure, and the others go on; when absent the first failure stops the run and is thrown. */
  readonly onError?: (error: unknown, tenant: TenantLike<T>) => void;
}

/** What became of a run over many tenants. */
export interface RunForEachReport {
  readonly succeeded: number;
  readonly failed: number;
}

/** Takes tenants one by one from a list of any length with bounded concurrency. */
export async function forEachTenant<T extends Tenant>(
  tenants: Iterable<TenantLike<T>> | AsyncIterable<TenantLike<T>>,
  visit: (tenant: TenantLike<T>) => unknown,
  options: RunForEachOptions<T>,
): Promise<RunForEachReport> {
  checkKnownOptions<RunForEachOptions<T>>("runForEach", options, {
    concurrency: true,
    onError: true,
  });
  const { concurrency = 1, onError } = options;
  checkArguments(tenants, concurrency, onError);
  const source =
    Symbol.asyncIterator in tenants ? tenants[Symbol.asyncIterator]() : tenants[Symbol.iterator]();
  const report = { succeeded: 0, failed: 0 };
  const failures: unknown[] = [];
  let stopped = false;

  async function visitOne(tenant: TenantLike<T>): Promise<void> {
    try {
      const visited = visit(tenant);
      if (isThenable(visited)) await visited;
      report.succeeded++;
    } catch (error) {
      report.failed++;
      if (onError === undefined) throw error;
      onError(error, tenant);
    }
  }

  async function work(): Promise<void> {
    while (!stopped) {
      const next = await source.next();
      if (next.done) return;
      if (!stopped) await visitOne(next.value);
    }
  }

  const workers = Array.from({ length: concurrency }, () =>
    work().catch((error: unknown) => {
      stopped = true;
      failures.push(error);
    }),
  );
  await Promise.all(workers);
  await source.return?.();
  if (failures.length === 0) return report;
  if (failures.length === 1) throw failures[0];
  throw new AggregateError(failures, `${failures.length} tenants failed at the same time.`);
}

/** A forgotten variable must never mean every tenant, nor a string its characters. */
function checkArguments(tenants: unknown, concurrency: unknown, onError: unknown): void {
  const isList =
    typeof tenants === "object" &&
    tenants !== null &&
    (Symbol.asyncIterator in tenants || Symbol.iterator in tenants);
  if (!isList) {
    const remedy = "give a list of tenants or ids, or null for all of them.";
    throw new ConfigurationError("runForEach(tenants)", `of type ${typeof tenants}`, remedy);
  }
  if (!Number.isInteger(concurrency) || Number(concurrency) < 1 || Number(concurrency) > 1_000) {
    const remedy = "give a whole number from 1 to 1,000.";
    throw new ConfigurationError("concurrency", String(concurrency), remedy);
  }
  if (onError !== undefined && typeof onError !== "function") {
    throw new ConfigurationError("onError", `of type ${typeof onError}`, "pass a function.");
  }
}
