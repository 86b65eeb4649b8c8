import { DatabaseNotReadyError } from "@af-tenancy/core";
import type { LeaseScope } from "../connection/lease-scope.ts";
import { LeasingDriver } from "../connection/leasing-driver.ts";
import { DatabaseMismatchError } from "../errors.ts";
import type { TenantSource } from "./tenant-source.ts";

/** Looks, after work failed for lack of a table, whether the tenant's database is still there and still the tenant's. */
export type ConfirmDatabase = (error: unknown) => Promise<void>;

/** Tells whether an error says that a table, or the schema or database of it, is not there. */
export type IsMissing = (error: unknown) => boolean;

/**
 * Makes what confirms a scope's database, once: a table that is not there may be a mistake in a query that is repeated.
 * Throws `DatabaseNotReadyError` or `DatabaseMismatchError`, as the tenant's first lease does.
 */
export function confirmingDatabase(
  source: TenantSource,
  scope: LeaseScope,
  isMissing: IsMissing,
): ConfirmDatabase {
  let looked = false;
  return async (error) => {
    if (looked || !isMissing(error)) return;
    looked = true;
    source.recheck?.();
    try {
      const lease = await new LeasingDriver(source, scope).acquireConnection();
      await lease.release();
    } catch (found) {
      if (found instanceof DatabaseNotReadyError || found instanceof DatabaseMismatchError) {
        throw found;
      }
    }
  };
}
