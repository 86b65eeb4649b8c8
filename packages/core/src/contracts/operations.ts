import type { TenantDatabases } from "./databases.ts";
import type { CentralRegistry } from "./registry.ts";
import type { JsonValue, TenantRecord } from "./tenant.ts";

/** The journal of operations: what was begun for a tenant, how far it came, and who works on it. */
export interface OperationStore {
  /**
   * Writes the intent, under a lease where one is asked for, which is its first attempt; throws `OperationInFlightError`
   * when the tenant has an open one (a failed one counts as open) and `IdempotencyConflictError` when the key was used
   * before.
   */
  open(operation: NewOperation, lease?: NewLease): Promise<OperationRecord>;
  /** Finds by id or by idempotency key. */
  find(key: OperationKey): Promise<OperationRecord | undefined>;
  /**
   * Takes or renews the lease in database time; `undefined` while another owner holds it or when it is done. Renewing
   * keeps `attempt`; claiming a failed operation makes it `running` again.
   */
  claim(id: string, owner: string, leaseMs: number): Promise<OperationRecord | undefined>;
  /**
   * Writes progress as the owner of the lease; throws `StaleOperationError` when it was lost. Ending the operation, also
   * as `failed`, frees the lease.
   */
  save(id: string, owner: string, progress: OperationProgress): Promise<OperationRecord>;
  /** Gives every operation that is neither `done` nor `discarded`, oldest first. */
  unfinished(): Promise<readonly OperationRecord[]>;
}

/** An operation by its id, or by the key its caller gave it. */
export type OperationKey = { readonly id: string } | { readonly idempotencyKey: string };

/** What is known of an operation before its first step. */
export interface NewOperation {
  readonly id: string;
  readonly tenantId: string;
  readonly kind: string;
  readonly generation: number;
  readonly idempotencyKey: string | undefined;
  readonly input: JsonValue;
  /** Who began it; `undefined` where nobody was named. */
  readonly actor: string | undefined;
}

/** A lease that is taken with the intent: for whom, and for how many milliseconds of the database's time. */
export interface NewLease {
  readonly owner: string;
  readonly leaseMs: number;
}

/** Where an operation stands: `running` with or without a live lease, or ended one way or another. */
export type OperationState = "running" | "failed" | "done" | "discarded";

/** An operation as the journal keeps it. */
export interface OperationRecord extends NewOperation, OperationTimes {
  readonly state: OperationState;
  /** Names of the steps that are done, in order. */
  readonly done: readonly string[];
  /** How often it was claimed. */
  readonly attempt: number;
  readonly leaseOwner: string | undefined;
  /** Milliseconds since 1970, in the database's time. */
  readonly leaseUntil: number | undefined;
  /** What stopped it, free of secrets. */
  readonly error: string | undefined;
}

/** When an operation was begun and last worked on: milliseconds since 1970, in the database's time. */
export interface OperationTimes {
  readonly startedAt: number;
  readonly updatedAt: number;
}

/** What the owner of a lease may change. */
export interface OperationProgress {
  readonly state?: OperationState;
  readonly done?: readonly string[];
  readonly generation?: number;
  readonly error?: string | undefined;
}

/** A kind of operation and its ordered steps; packages register theirs with provisioning. */
export interface OperationDefinition {
  /** Unique, such as `create` or `backup`. */
  readonly kind: string;
  readonly steps: readonly OperationStep[];
}

/** One step that may be run again after a crash: it observes, acts, and observes again. */
export interface OperationStep {
  readonly name: string;
  /** Resolves once the step's effect is there, whoever brought it about. */
  run(context: OperationContext): Promise<void>;
}

/** What a step works with. */
export interface OperationContext {
  readonly tenant: TenantRecord;
  readonly operation: OperationRecord;
  readonly registry: CentralRegistry;
  readonly databases: TenantDatabases;
  /** Aborted when the lease is lost or the process shuts down. */
  readonly signal: AbortSignal;
}
