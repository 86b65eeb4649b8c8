import type { OperationDefinition, OperationStep } from "@af-tenancy/core";
import { checkOperations, checkSteps } from "./check-operations.ts";
import type { CreationSteps } from "./creation-options.ts";
import { demand } from "./demand.ts";
import type { IdGenerator } from "./ids/id-generator.ts";
import { checkPendingOptions, type PendingOptions } from "./pending/pending-options.ts";
import { checkRetention, type RetentionOptions } from "./retention-options.ts";

/** What provisioning may be told; everything has a default. */
export interface ProvisioningOptions {
  /** Operations besides creating tenants, which `run` begins and `repair` continues. */
  readonly operations?: readonly OperationDefinition[];
  /** Steps of the application when a tenant is made; see `CreationSteps`. */
  readonly creation?: CreationSteps;
  /** Steps of the application when a tenant is purged, run before its database is dropped. */
  readonly purging?: readonly OperationStep[];
  /** How the pool of pending tenants is kept; see `PendingOptions`. */
  readonly pending?: PendingOptions;
  /** Milliseconds without a sign of life after which others may take over an operation; 10,000 when absent. */
  readonly leaseMs?: number;
  /**
   * Milliseconds for which a step is tried again that failed by what passes by itself, such as a lost connection or a
   * server that restarts; 5,000 when absent, 0 for never.
   */
  readonly retryMs?: number;
  /** How many tenants one `purgeAll` may name; 100 when absent. */
  readonly maxPurge?: number;
  /** Makes the ids of tenants that come without one, such as `ulidIds()`; UUIDs of version 7 when absent. */
  readonly generateId?: IdGenerator;
  /**
   * Slugs that no tenant gets, nor a domain with one of them below a central name, in lower case; `reservedNames`
   * (`www`, `api`, `admin`, `mail`, ...) when absent.
   */
  readonly reserved?: readonly string[];
  /** Accepts domains whose parts mix scripts, as genuine names seldom do; `false` when absent. */
  readonly mixedScripts?: boolean;
  /** Tells in the journal which process works on an operation; a random name when absent. */
  readonly owner?: string;
  /** For how long the registry keeps what is over; see `RetentionOptions`. */
  readonly retention?: RetentionOptions;
}

/** Checks options when provisioning is made; throws `ConfigurationError`. */
export function checkProvisioningOptions(options: unknown): void {
  const isObject = typeof options === "object" && options !== null;
  demand("provisioning", options, isObject, "pass an object, or nothing.");
  for (const [key, value] of Object.entries(Object(options))) {
    const rule = Object.hasOwn(rules, key)
      ? rules[key as keyof ProvisioningOptions]
      : unknownOption;
    if (value !== undefined) rule(`provisioning.${key}`, value);
  }
}

type Rule = (key: string, value: unknown) => void;

const rules: Readonly<Record<keyof ProvisioningOptions, Rule>> = {
  operations: checkOperations,
  creation(key, value) {
    const isObject = typeof value === "object" && value !== null && !Array.isArray(value);
    demand(key, value, isObject, "pass an object.");
    const { seeders, database = [], tenant = [], ...rest } = value as CreationSteps;
    demand(key, value, Object.keys(rest).length === 0, "it has seeders, database and tenant only.");
    const areNames = seeders === undefined || seeders === true || Array.isArray(seeders);
    demand(`${key}.seeders`, seeders, areNames, "give an array of names, or true for all of them.");
    const taken = ["ledger", "database", "adopt", "migrate", "copy", "verify", "activate", "pool"];
    if (seeders !== undefined) taken.push("seed");
    checkSteps(`${key}.tenant`, tenant, checkSteps(`${key}.database`, database, taken));
  },
  purging(key, value) {
    checkSteps(key, value, ["drop", "forget"]);
  },
  pending: checkPendingOptions,
  leaseMs(key, value) {
    const isFine = Number.isInteger(value) && Number(value) >= 100 && Number(value) <= 3_600_000;
    demand(key, value, isFine, "give whole milliseconds from 100 to 3,600,000.");
  },
  retryMs(key, value) {
    const isFine = Number.isInteger(value) && Number(value) >= 0 && Number(value) <= 3_600_000;
    demand(key, value, isFine, "give whole milliseconds from 0 to 3,600,000.");
  },
  maxPurge(key, value) {
    const isFine = Number.isInteger(value) && Number(value) >= 1 && Number(value) <= 10_000;
    demand(key, value, isFine, "give a whole number from 1 to 10,000.");
  },
  generateId(key, value) {
    demand(key, value, typeof value === "function", "pass a function, such as ulidIds().");
  },
  reserved(key, value) {
    const isName = (name: unknown) => typeof name === "string" && /^[a-z0-9_-]{1,63}$/.test(name);
    const isFine = Array.isArray(value) && value.every(isName);
    demand(key, value, isFine, 'give an array of names in lower case, such as ["www"].');
  },
  mixedScripts(key, value) {
    demand(key, value, typeof value === "boolean", "pass true or false.");
  },
  owner(key, value) {
    const isFine = typeof value === "string" && /^[\w.:@/-]{1,64}$/.test(value);
    demand(key, value, isFine, 'use 1 to 64 letters, digits and any of "_.:@/-".');
  },
  retention: checkRetention,
};

function unknownOption(key: string, value: unknown): void {
  demand(key, value, false, `there is no such option, only ${Object.keys(rules).join(", ")}.`);
}
