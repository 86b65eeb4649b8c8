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
  | "ledger"
  | "outbox"
  | "changes"
  | "domain directory"
  | "servers"
  | "audit"
  | "accesses"
  | "sequences";

/** How the contract gets at the registry that it checks. */
export interface CentralRegistryHarness {
  /** Makes an empty registry, ready for use. */
  create(): MaybePromise<CentralRegistry>;
  destroy?(registry: CentralRegistry): MaybePromise<void>;
  /** Lets time pass for leases; real time passes when it is absent. */
  elapse?(milliseconds: number): Promise<void>;
  readonly leftOut?: LeftOut<RegistryGroup>;
}

/** Makes the registry of one test. */
export type MakeRegistry = () => Promise<CentralRegistry>;
