import type { MaybePromise } from "../maybe-promise.ts";
import type { TenantSchema } from "./migration-records.ts";
import type { ReferenceHints } from "./reference-hints.ts";
import type { Tenant, TenantReference, TenantStatus } from "./tenant.ts";

/** Reads tenants; the only thing that entering a tenant needs. */
export interface TenantStore<T extends Tenant = Tenant> {
  /** Finds by byte equality, in any status; unverified domains and undeclared attributes find nothing. */
  find(reference: TenantReference): MaybePromise<T | undefined>;
  /** Gives tenants in order of id, read page by page; pending and deleted ones only where the filter names them. */
  list(filter?: TenantFilter): AsyncIterable<T>;
  /** Vouches for hints in cookies; needed by the option `cookieHint` alone. */
  readonly hints?: ReferenceHints;
}

/** Which tenants `list` gives. */
export interface TenantFilter {
  /** Every status but `pending` and `deleted` when absent. */
  readonly statuses?: readonly TenantStatus[];
  /** Only those that expire at this time or before it. */
  readonly expiredBy?: number;
  /** Only those whose grace is over at this time. */
  readonly graceOverBy?: number;
  /** How many at most; all of them when absent. */
  readonly limit?: number;
  /** Only these, by id. */
  readonly ids?: readonly string[];
  /** Only those whose database is so far. */
  readonly schemas?: readonly TenantSchema[];
}
