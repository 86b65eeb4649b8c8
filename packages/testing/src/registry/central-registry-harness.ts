import type { CentralRegistry, MaybePromise } from "@af-tenancy/core";
import type { LeftOut } from "../suite/group.ts";

/** The parts of the contract, each of which may be left out with a reason. */
export type RegistryGroup =
  | "references"
  | "byte equality"
  | "list"
  | "inserts"
  | "updates"
  | "removals"
  | "domains"
  | "transactions"
  | "concurrent transactions"
  | "operations"
  | "leases"
  | "named leases"
  | "ledger"
  | "outbox"
  | "changes"
  | "domain directory"
  | "servers"
  | "central domains"
  | "audit"
  | "accesses"
  | "sequences"
  | "schemas"
  | "migration plans"
  | "history"
  | "several processes"
  | "secrets";

/** How the contract gets at the registry that it checks. */
export interface CentralRegistryHarness {
  /** Makes an empty registry, ready for use. */
  create(): MaybePromise<CentralRegistry>;
  destroy?(registry: CentralRegistry): MaybePromise<void>;
  /** Needed by the group `several processes`; `central domains` looks at one process without it. */
  readonly join?: JoinRegistry;
  /** Needed by the group `secrets`. */
  readonly breakTables?: BreakTables;
  /** Lets time pass for leases; real time passes when it is absent. */
  elapse?(milliseconds: number): Promise<void>;
  readonly leftOut?: LeftOut<RegistryGroup>;
}

/** Makes the registry of one test. */
export type MakeRegistry = () => Promise<CentralRegistry>;

/**
 * Starts another registry over the tables of one, as another process would; its transactions wait `maxWait` milliseconds
 * for those of others, when that is given.
 */
export type JoinRegistry = (
  registry: CentralRegistry,
  maxWait?: number,
) => Promise<CentralRegistry>;

/** Takes tables away behind a registry's back: `servers`, and `tenants` by giving it another name. */
export type BreakTables = (registry: CentralRegistry) => Promise<unknown>;
