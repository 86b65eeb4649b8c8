import { TenancyError } from "./tenancy-error.ts";

/** Thrown where a cache has to be certain and its store cannot be asked. */
export class CacheUnavailableError extends TenancyError {
  readonly code = "CACHE_UNAVAILABLE";
  override readonly status = 503;
  override readonly publicMessage = "The service is not available right now; try again soon.";
  override readonly retryAfter = 5;
  override readonly transient = true;

  constructor(what: string, options?: ErrorOptions) {
    super(`The cache cannot be asked: ${what}. See the cause, and check its server.`, options);
  }
}

/** Thrown when the work of a lock was not begun because somebody else has the lock. */
export class CacheLockTakenError extends TenancyError {
  readonly code = "CACHE_LOCK_TAKEN";
  override readonly status = 409;
  override readonly publicMessage = "This is being done already; try again soon.";
  override readonly transient = true;

  constructor(name: string) {
    super(
      `The lock "${name}" is another owner's: wait for it, as in lock.run(work, 5_000), or do without.`,
    );
  }
}

/** Thrown when the making of a value asks for that value, and would wait for itself. */
export class CacheReentryError extends TenancyError {
  readonly code = "CACHE_REENTRY";

  constructor(key: string) {
    super(
      `"${key}" is asked for while it is being made, by its own make of getOrSet: take get(), or another key, there.`,
    );
  }
}
