import type { ForgottenLease } from "@af-tenancy/core";
import type { LeaseScope } from "../connection/lease-scope.ts";

/** Gives a scope whose leases are for background work. */
export function bulkScope(scope: LeaseScope): LeaseScope {
  return new BulkScope(scope);
}

class BulkScope implements LeaseScope {
  readonly lane = "bulk";
  readonly #scope: LeaseScope;

  constructor(scope: LeaseScope) {
    this.#scope = scope;
  }

  lease(destroy?: () => void, forgotten?: ForgottenLease): () => void {
    return this.#scope.lease(destroy, forgotten);
  }

  /** Made when it is asked for. */
  get signal(): AbortSignal {
    return this.#scope.signal;
  }
}
