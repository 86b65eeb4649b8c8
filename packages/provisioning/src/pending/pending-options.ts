import type { MaybePromise, PendingAttributes } from "@af-tenancy/core";
import { demand } from "../demand.ts";

/** How the pool of pending tenants is kept; everything has a default. */
export interface PendingOptions {
  /** Gives what a tenant in the pool is until it is pulled: name, plan, metadata, homepage, placement. */
  readonly attributes?: () => MaybePromise<PendingAttributes>;
  /** How many there are to be at all times; the pool is filled by nobody but `fill` when absent. */
  readonly keep?: number;
  /** Milliseconds between two looks at how many there are; 10,000 when absent. */
  readonly everyMs?: number;
  /** Whether `pending.filter()` lists them where a command says nothing; `false` when absent. */
  readonly include?: boolean;
  /** Which steps of a creation are done in the pool already. */
  readonly steps?: PendingSteps;
}

/** Which steps of a creation are done in the pool; the others are when the tenant is pulled, which then takes longer. */
export interface PendingSteps {
  /** Whether its tables are made; `true` when absent. */
  readonly migrate?: boolean;
  /** Whether seeders and the application's `database` steps are run; as `migrate` says when absent. */
  readonly database?: boolean;
  /** Whether the application's `tenant` steps are run; `false` when absent, as they may need to know whose it is. */
  readonly tenant?: boolean;
}

/** Checks the options of the pool; throws `ConfigurationError`. */
export function checkPendingOptions(key: string, value: unknown): void {
  const fields = checked(key, value, ["attributes", "keep", "everyMs", "include", "steps"]);
  const { attributes, keep, everyMs, include, steps } = fields;
  if (attributes !== undefined) {
    const isFunction = typeof attributes === "function";
    demand(`${key}.attributes`, attributes, isFunction, "pass a function that gives them.");
  }
  if (keep !== undefined) {
    demand(`${key}.keep`, keep, isWhole(keep, 1, largestPool), countRemedy);
  }
  if (everyMs !== undefined) {
    const isFine = isWhole(everyMs, 100, 3_600_000);
    demand(`${key}.everyMs`, everyMs, isFine, "give whole milliseconds from 100 to 3,600,000.");
  }
  checkFlag(`${key}.include`, include);
  if (steps === undefined) return;
  const { migrate = true, database = migrate, tenant } = checked(`${key}.steps`, steps, stepKeys);
  checkFlag(`${key}.steps.migrate`, migrate);
  checkFlag(`${key}.steps.database`, database);
  checkFlag(`${key}.steps.tenant`, tenant);
  const remedy = "they need tables: let migrate be true as well.";
  demand(`${key}.steps.database`, database, migrate === true || database !== true, remedy);
}

/** How many tenants a pool may have. */
export const largestPool = 10_000;

const stepKeys = ["migrate", "database", "tenant"] as const;
const countRemedy = "give a whole number from 1 to 10,000.";

function checked<K extends string>(
  key: string,
  value: unknown,
  known: readonly K[],
): Partial<Record<K, unknown>> {
  const isObject = typeof value === "object" && value !== null && !Array.isArray(value);
  demand(key, value, isObject, "pass an object.");
  const keys: readonly string[] = known;
  for (const one of Object.keys(Object(value))) {
    demand(`${key}.${one}`, "set", keys.includes(one), `it has ${known.join(", ")} only.`);
  }
  return value as Partial<Record<K, unknown>>;
}

function checkFlag(key: string, value: unknown): void {
  demand(key, value, value === undefined || typeof value === "boolean", "give true or false.");
}

function isWhole(value: unknown, least: number, most: number): boolean {
  return Number.isInteger(value) && Number(value) >= least && Number(value) <= most;
}
