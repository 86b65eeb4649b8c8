import type {
  CentralDomains,
  CentralRegistry,
  Clock,
  Events,
  KeyRing,
  MaybePromise,
  Origin,
  TenantDatabases,
} from "@af-tenancy/core";
import type { OperationKind } from "./operation-kind.ts";
import type { PatienceOptions } from "./patience.ts";
import type { PendingOptions } from "./pending/pending-options.ts";
import type { RetentionOptions } from "./retention-options.ts";

/** What every part of provisioning works with. */
export interface Workplace {
  readonly registry: CentralRegistry;
  readonly databases: TenantDatabases;
  readonly events: Events;
  readonly clock: Clock;
  /** The host names of the central application. */
  readonly central: CentralDomains;
  /** Names that no tenant gets, in lower case. */
  readonly reserved: ReadonlySet<string>;
  /** Whether domains may mix scripts. */
  readonly mixedScripts: boolean;
  /** The operations that can be run and resumed here, by kind. */
  readonly kinds: ReadonlyMap<string, OperationKind>;
  readonly leaseMs: number;
  /** How long, in milliseconds, a step is tried again that failed by what passes by itself. */
  readonly retryMs: number;
  /** How many tenants one call may purge. */
  readonly maxPurge: number;
  /** For how long the registry keeps what is over. */
  readonly retention: RetentionOptions;
  /** How the pool of pending tenants is kept. */
  readonly pending: PendingOptions;
  /** Gives the key ring; throws `KeysRequiredError`. */
  readonly keys: () => KeyRing;
  /** Names who acts in the scope that asks; `undefined` where nobody is named. */
  readonly actor: () => string | undefined;
  /** Tells who acts in the scope that asks, for which request and why; empty outside every scope. */
  readonly origin: () => Origin;
  /** Makes the id of a tenant that comes without one. */
  readonly generateId: () => MaybePromise<string>;
  /** Gives a name under which one lease is held; never the same one twice, in no process. */
  readonly nextOwner: () => string;
  /** Gives a number from 0 up to 1. */
  readonly random: () => number;
  /** Aborted when the process shuts down. */
  readonly closing: AbortSignal;
  /** Operations that failed in this process, and at which attempt: nothing of them runs any more. */
  readonly stopped: Map<string, number>;
  /** Entries of garbage that this process found to be somebody else's and has told of. */
  readonly foreign: Set<string>;
}

/** How long something is tried again, until the signal is aborted. */
export function patienceOf(
  { clock, random }: Workplace,
  signal: AbortSignal,
  milliseconds: number,
): PatienceOptions {
  return { clock, random, signal, milliseconds };
}
