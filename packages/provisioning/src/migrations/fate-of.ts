import { isTenancyError, isTransient } from "@af-tenancy/core";

/** What a failure means for a tenant: `again` passes by itself, `later` is for the next run, `quarantine` for people. */
export type Fate = "again" | "later" | "quarantine";

/** Tells from an error, and from what caused it, what it means. */
export function fateOf(error: unknown): Fate {
  let cause = error;
  for (let depth = 0; depth < 8 && typeof cause === "object" && cause !== null; depth += 1) {
    if (isTenancyError(cause)) {
      if (cause.code === "MIGRATION_TIMEOUT") return "later";
      if (isTransient(cause) || cause.code === "OPERATION_IN_FLIGHT") return "again";
    } else {
      const { code } = cause as { readonly code?: unknown };
      if (passing.has(code)) return "again";
    }
    cause = (cause as { readonly cause?: unknown }).cause;
  }
  return "quarantine";
}

/** Locks that others hold and deadlocks; what else passes by itself says so. */
const passing: ReadonlySet<unknown> = new Set([
  ...["SQLITE_BUSY", "40001", "40P01", "55P03"],
  ...["ER_LOCK_WAIT_TIMEOUT", "ER_LOCK_DEADLOCK"],
]);
