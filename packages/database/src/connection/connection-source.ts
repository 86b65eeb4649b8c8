import type { MaybePromise } from "@af-tenancy/core";
import type { ConnectionLease } from "./connection-lease.ts";
import type { LeaseRequest } from "./lease-request.ts";

/** Where leases of connections to one database come from. */
export interface ConnectionSource {
  /** Gives a promise only when there is something to wait for; an aborted signal ends the wait. */
  lease(request?: LeaseRequest): MaybePromise<ConnectionLease>;
}
