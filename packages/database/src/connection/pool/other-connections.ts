import { type Borrower, targetOf } from "./borrower.ts";
import type { IdleConnections } from "./idle-connections.ts";
import type { Leases } from "./leases.ts";
import type { PooledConnection } from "./pooled-connection.ts";

/** Tells whether there is a connection that the borrower can wait for. */
export function isOpenTo({ target }: Borrower, idle: IdleConnections, leases: Leases): boolean {
  return connections(idle, leases).some((one) => targetOf(one) === target);
}

/** Tells whether none is there that can be used, as when the first one is opened or all were lost. */
export function isNoneLeft(idle: IdleConnections, leases: Leases): boolean {
  return connections(idle, leases).every(({ retired }) => retired !== undefined);
}

function connections(idle: IdleConnections, leases: Leases): readonly PooledConnection[] {
  return [...idle, ...[...leases].map(({ pooled }) => pooled)];
}
