import type { NewMaintenance, TenantAccess, TenantLike, TenantRecord } from "./tenant.ts";

/**
 * Moves tenants through their life and sets the conditions beside their status. Each call reads the tenant anew, asks
 * the listeners of `statusChanging`, and writes by compare-and-set, with outbox and audit entry in the same
 * transaction; where all is as wished already it changes nothing. All of them throw `IllegalMoveError`,
 * `TenantNotFoundError`, `InvalidInputError` and `VetoedError`, before anything was changed.
 */
export interface TenantLife
  extends TenantService,
    TenantStorage,
    TenantDeletion,
    TenantConditionCalls,
    TenantUpkeep {}

/** Gives and takes what a tenant is served. */
export interface TenantService {
  /** Serves an inactive tenant; lifts no suspension and no block. */
  activate(tenant: TenantLike, options?: MoveOptions): Promise<TenantRecord>;
  /** Stops serving an active tenant. */
  deactivate(tenant: TenantLike, options?: MoveOptions): Promise<TenantRecord>;
  /**
   * Suspends an active tenant, which is served on until the grace is over. Of a tenant that is suspended already only
   * the grace changes, and only to an earlier end.
   */
  suspend(tenant: TenantLike, options?: GraceOptions): Promise<TenantRecord>;
  /** Ends a suspension. */
  resume(tenant: TenantLike, options?: MoveOptions): Promise<TenantRecord>;
}

/** Puts a tenant aside and takes it back. */
export interface TenantStorage {
  /** Blocks a tenant, such as for abuse. */
  block(tenant: TenantLike, options?: MoveOptions): Promise<TenantRecord>;
  /** Ends a block: the tenant is again what it was before, `inactive` where that is not known. */
  unblock(tenant: TenantLike, options?: MoveOptions): Promise<TenantRecord>;
  /** Keeps a tenant's data and serves it no longer. */
  archive(tenant: TenantLike, options?: MoveOptions): Promise<TenantRecord>;
  /** Takes a tenant from the archive: it is again what it was before, `inactive` where that is not known. */
  unarchive(tenant: TenantLike, options?: MoveOptions): Promise<TenantRecord>;
}

/** Removes a tenant and brings it back while that is possible. */
export interface TenantDeletion {
  /**
   * Deletes a tenant softly: nobody outside can tell it from an unknown one, while its data, slug and domains stay until
   * the grace of 7 days is over. Of a deleted tenant only the grace changes, and only to an earlier end.
   */
  delete(tenant: TenantLike, options?: GraceOptions): Promise<TenantRecord>;
  /** Brings a deleted tenant back as it was before; throws `RestoreTooLateError` when its grace is over. */
  restore(tenant: TenantLike, options?: MoveOptions): Promise<TenantRecord>;
}

/** Sets the conditions that stand beside the status. */
export interface TenantConditionCalls {
  /**
   * Sets when a tenant expires, in milliseconds since 1970; `undefined` for never. A later expiry renews it: what
   * `sweep` suspended because it had expired is active again.
   */
  setExpiry(
    tenant: TenantLike,
    expiresAt: number | undefined,
    options?: MoveOptions,
  ): Promise<TenantRecord>;
  /** Sets what a tenant's database may be used for; scopes that are entered afterwards obey. */
  setAccess(tenant: TenantLike, access: TenantAccess, options?: MoveOptions): Promise<TenantRecord>;
  /**
   * Puts a tenant into maintenance, and with `undefined` ends it. Throws `KeysRequiredError` for one with a secret where
   * there is no key ring.
   */
  setMaintenance(
    tenant: TenantLike,
    maintenance: NewMaintenance | undefined,
    options?: MoveOptions,
  ): Promise<TenantRecord>;
}

/** Does what is due because time has passed. */
export interface TenantUpkeep {
  /**
   * Suspends active tenants that have expired, and purges deleted ones whose grace is over. To be called periodically;
   * several processes may at once. Throws `ConfigurationError` for options that it does not know,
   * and `ClockAheadError` where this machine's clock is ahead of the registry's.
   */
  sweep(options?: SweepOptions): Promise<SweepReport>;
  /**
   * Removes what the registry has kept for as long as `provisioning` is told: changes that every consumer has had,
   * operations and plans of migrations that are over. A sweep does it too. Throws `ConfigurationError`.
   */
  prune(options?: PruneOptions): Promise<PruneReport>;
}

/** How a tenant is moved. */
export interface MoveOptions {
  /** Why, for the audit trail; the scope's reason when absent. */
  readonly reason?: string;
}

/** How a tenant is moved when it bites later. */
export interface GraceOptions extends MoveOptions {
  /** Milliseconds until it bites; for a suspension 0 when absent, for a deletion 7 days. */
  readonly graceMs?: number;
}

/** What a sweep does. */
export interface SweepOptions {
  /** Whether expired tenants are suspended; they are not served either way. `true` when absent. */
  readonly suspendExpired?: boolean;
  /** Whether deleted tenants whose grace is over are purged; `true` when absent. */
  readonly purgeDeleted?: boolean;
  /** How many tenants of each kind are suspended or purged at most; 100 when absent. */
  readonly limit?: number;
  /** Whether the registry's history is pruned, as by `prune`; `true` when absent. */
  readonly pruneHistory?: boolean;
}

/** How the registry's history is pruned. */
export interface PruneOptions {
  /** Tells what would be removed and removes nothing; `false` when absent. */
  readonly dryRun?: boolean;
}

/** How many were removed. */
export interface PruneReport {
  /** Of the outbox. */
  readonly changes: number;
  readonly operations: number;
  /** Of migrations of the fleet. */
  readonly plans: number;
}

/** What a sweep did, by tenant id. */
export interface SweepReport {
  /** Suspended because they had expired. */
  readonly suspended: readonly string[];
  /** Purged because their grace was over. */
  readonly purged: readonly string[];
  /** What could not be done, and why; the next sweep or `repair` tries again. */
  readonly failed: readonly SweepFailure[];
  /** What was removed of the registry's history. */
  readonly pruned: PruneReport;
}

/** A tenant of which a sweep could not do what is due. */
export interface SweepFailure {
  readonly tenantId: string;
  readonly error: unknown;
}
