import type { JsonValue, TenancyBootstrapper, TenancyComponent } from "@af-tenancy/core";
import type { SqlEntityManager } from "@mikro-orm/sql";
import type { ResourceMapping } from "./mappings.ts";
import type { NamedRecords, NamedTenants } from "./named-records.ts";
import type { QueueStep } from "./step-runner.ts";
import type { SyncStep } from "./sync-step.ts";
import type { SyncedResource } from "./synced-resource.ts";
import type { RecordKey } from "./tenant-states.ts";

/** What is kept alike, and who does it. */
export interface ResourceSyncingOptions {
  /** Each made by `syncedResource`. */
  readonly resources: readonly SyncedResource[];
  /**
   * Hands a step to a queue, whose worker gives it to `perform`; when absent each commit is followed by its steps, and its
   * caller waits for them.
   */
  queue?: QueueStep;
}

/** Keeps records alike in the central database and in the tenants that have them. */
export interface ResourceSyncing extends TenancyBootstrapper, TenancyComponent {
  readonly name: string;
  /**
   * Has tenants get central records; where they have them only `pivot` is written. Throws `InvalidInputError` where there
   * is no such record or tenant.
   */
  attachRecords(
    records: NamedRecords,
    tenants: NamedTenants,
    options?: AttachOptions,
  ): Promise<void>;
  /** Has tenants lose records, which are removed there, also from the trash; no-op where they have none. */
  detachRecords(
    records: NamedRecords,
    tenants: NamedTenants,
    options?: DetachOptions,
  ): Promise<void>;
  /** Tells which tenants have which records, of all or of those that are named. */
  mappings(only?: Partial<RecordKey & { tenantId: string }>): Promise<readonly ResourceMapping[]>;
  /** Does a step that `queue` was given, however often; throws what fails, and then it may be done again. */
  perform(step: SyncStep): Promise<void>;
  /** Does every step that is left, such as those of processes that died after their commit; `queue` gets none. */
  deliver(options?: DeliverOptions): Promise<SyncReport>;
}

/** Where it is written that a tenant has a record no more. */
export interface DetachOptions {
  /** An entity manager of `db.central()`, in whose transaction it is done; one of its own when absent. */
  readonly em?: SqlEntityManager;
}

/** What is kept about a tenant's having a record. */
export interface AttachOptions extends DetachOptions {
  readonly pivot?: JsonValue;
}

/** Whose steps are done. */
export interface DeliverOptions {
  /** Ids of tenants; all that can be written when absent. */
  readonly tenants?: readonly string[];
}

/** What `deliver` did. */
export interface SyncReport {
  /** How many steps were done. */
  readonly steps: number;
  readonly failures: readonly SyncFailure[];
}

/** What could not be done, and is left for the next time. */
export interface SyncFailure {
  readonly tenantId: string;
  readonly error: unknown;
}
