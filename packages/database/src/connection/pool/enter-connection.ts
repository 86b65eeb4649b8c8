import type { MaybePromise } from "@af-tenancy/core";
import type { ConnectionLease } from "../connection-lease.ts";
import type { DialectDriver } from "../dialect.ts";
import type { DriverConnections } from "../driver-connections.ts";
import { typedFailure } from "./open-connection.ts";
import type { PoolLease } from "./pool-lease.ts";

/** Ties what was leased to its borrower; one that is the borrower's already is entered without a promise. */
export function enterConnection(
  connections: Pick<DriverConnections, "enter">,
  lease: PoolLease,
): MaybePromise<ConnectionLease> {
  if (connections.enter === undefined) return lease;
  const { pooled, terms } = lease;
  let entered: MaybePromise<DialectDriver>;
  try {
    entered = connections.enter(pooled.driver, terms.borrower.database);
  } catch (error) {
    entered = Promise.reject(error);
  }
  return entered === pooled.driver ? lease : viewed(lease, entered);
}

async function viewed(
  lease: PoolLease,
  entering: MaybePromise<DialectDriver>,
): Promise<ConnectionLease> {
  const { borrower } = lease.terms;
  try {
    await lease.view(await entering);
    lease.pooled.seat = borrower.seat;
    return lease;
  } catch (error) {
    await lease.end("unclean");
    throw typedFailure(borrower.database, error);
  }
}
