import { isThenable, type MaybePromise } from "@af-tenancy/core";
import type { ConnectionLease } from "../connection-lease.ts";
import type { DriverConnections, PromptDriver } from "../driver-connections.ts";
import { typedFailure } from "./open-connection.ts";
import type { PoolLease } from "./pool-lease.ts";

/** Ties what was leased to its borrower; one that is the borrower's already is entered without a promise. */
export function enterConnection(
  connections: Pick<DriverConnections, "enter">,
  lease: PoolLease,
): MaybePromise<ConnectionLease> {
  if (connections.enter === undefined) return lease;
  const { pooled, terms } = lease;
  let entered: MaybePromise<PromptDriver>;
  try {
    entered = connections.enter(pooled.driver, terms.borrower.database);
  } catch (error) {
    entered = Promise.reject(error);
  }
  if (entered === pooled.driver) return lease;
  if (isThenable(entered) || entered.connection === undefined) return viewed(lease, entered);
  lease.view(entered, entered.connection);
  pooled.seat = terms.borrower.seat;
  return lease;
}

async function viewed(
  lease: PoolLease,
  entering: MaybePromise<PromptDriver>,
): Promise<ConnectionLease> {
  const { borrower } = lease.terms;
  try {
    const driver = await entering;
    lease.view(driver, await driver.acquireConnection());
    lease.pooled.seat = borrower.seat;
    return lease;
  } catch (error) {
    await lease.end("unclean");
    throw typedFailure(borrower.database, error);
  }
}
