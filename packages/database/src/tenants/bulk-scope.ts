import type { LeaseScope } from "../connection/lease-scope.ts";

/** Gives a scope whose leases are for background work. */
export function bulkScope(scope: LeaseScope): LeaseScope {
  return {
    lane: "bulk",
    lease: (destroy, forgotten) => scope.lease(destroy, forgotten),
    // A signal is made when it is asked for.
    get signal() {
      return scope.signal;
    },
  };
}
