import type { TenantFilter } from "./store.ts";
import type { TenantRecord } from "./tenant.ts";
import type { SweepFailure } from "./tenant-life.ts";
import type { NewTenant } from "./tenants.ts";

/** What has tenants in stock. */
export interface TenantStock {
  /** Tenants that are made before anybody wants them, so that a sign-up takes one at once. */
  readonly pending: PendingTenants;
}

/** The pool of pending tenants: found by nobody outside until they are pulled. */
export interface PendingTenants {
  /**
   * Makes pending tenants until there are `count`, one after the other and one process at a time, and gives the ids of
   * those it made. What an earlier call left unfinished is finished first.
   */
  fill(count: number): Promise<readonly string[]>;
  /**
   * Makes one of them the caller's, with its slug and all other attributes, by one conditional update: of racing calls,
   * also of several processes, each gets another tenant. What is refused leaves the pool as it was. Where the pool is
   * empty a tenant is created, or nothing given if `ifEmpty` says so.
   */
  pull(wanted: PulledTenant): Promise<TenantRecord>;
  pull(wanted: PulledTenant, options: PullOptions): Promise<TenantRecord | undefined>;
  /** Purges pending tenants, all or those of an age, one by one; those that are pulled meanwhile are left alone. */
  clear(options?: ClearOptions): Promise<ClearReport>;
  /** Gives how many there are. */
  count(): Promise<number>;
  /**
   * Gives a filter with or without pending tenants, as a flag says that a command was given: `true`, `"true"`, `"1"` and
   * the bare flag `""` mean with, `undefined` what the configuration says, everything else without.
   */
  filter(flag?: unknown, filter?: TenantFilter): TenantFilter;
}

/** What a tenant is to be that is pulled from the pool; what is absent stays as it is there. */
export type PulledTenant = Pick<
  NewTenant,
  "slug" | "name" | "domains" | "plan" | "metadata" | "homepage"
>;

/** What a tenant in the pool is until it is pulled. */
export type PendingAttributes = Pick<
  NewTenant,
  "name" | "plan" | "metadata" | "homepage" | "placement"
>;

/** How a tenant is pulled. */
export interface PullOptions {
  /** What an empty pool means; `create` when absent. */
  readonly ifEmpty?: "create" | "none";
}

/** Which pending tenants are cleared: all of them when both are absent; both together are refused. */
export interface ClearOptions {
  /** Only those that were made this many days ago, or earlier. */
  readonly olderThanDays?: number;
  /** Only those that were made this many hours ago, or earlier. */
  readonly olderThanHours?: number;
}

/** What was cleared, by tenant id. */
export interface ClearReport {
  readonly cleared: readonly string[];
  /** What could not be purged, and why; `repair` tries again. */
  readonly failed: readonly SweepFailure[];
}
