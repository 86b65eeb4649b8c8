import type { MaybePromise } from "@af-tenancy/core";
import type { ConnectionLease } from "./connection-lease.ts";
import type { LeaseScope } from "./lease-scope.ts";

/** Where leases of connections to one database come from. */
export interface ConnectionSource {
  /** Gives a promise only when there is something to wait for; the end of the scope ends the wait. */
  lease(scope?: Pick<LeaseScope, "signal">): MaybePromise<ConnectionLease>;
}
