import { type Borrower, targetOf } from "./borrower.ts";
import type { IdleConnections } from "./idle-connections.ts";
import type { Leases } from "./leases.ts";
import type { PooledConnection } from "./pooled-connection.ts";

/** Tells whether there is a connection that the borrower can wait for. */
export function isOpenTo({ target }: Borrower, idle: IdleConnections, leases: Leases): boolean {
  for (const one of connections(idle, leases)) if (targetOf(one) === target) return true;
  return false;
}

/** Tells whether none is there that can be used, as when the first one is opened or all were lost. */
export function isNoneLeft(idle: IdleConnections, leases: Leases): boolean {
  for (const { retired } of connections(idle, leases)) if (retired === undefined) return false;
  return true;
}

/** One by one, because the first that comes mostly tells. */
function* connections(idle: IdleConnections, leases: Leases): Generator<PooledConnection> {
  for (const connection of idle) yield connection;
  for (const { pooled } of leases) yield pooled;
}
