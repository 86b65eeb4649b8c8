import { isTenancyError, outsideTenancy, type TenantDatabase } from "@af-tenancy/core";
import { DatabaseUnavailableError } from "../../server-errors.ts";
import type { DriverConnections, ServerConnection } from "../driver-connections.ts";
import type { Borrower } from "./borrower.ts";
import { PooledConnection } from "./pooled-connection.ts";

/** Opens a connection, outside any tenant. Throws `DatabaseNotReadyError` or `DatabaseUnavailableError`. */
export async function openConnection(
  connections: Pick<DriverConnections, "open">,
  borrower: Borrower,
  now: () => number,
): Promise<PooledConnection> {
  const { database } = borrower;
  const since = now();
  let opened: ServerConnection | undefined;
  try {
    opened = await outsideTenancy(() => connections.open(database));
    const connection = await opened.acquireConnection();
    return new PooledConnection(borrower, opened, connection, since, now());
  } catch (error) {
    await opened?.destroy();
    throw typedFailure(database, error);
  }
}

/** Gives a typed error as it is, and any other as the cause of a `DatabaseUnavailableError`. */
export function typedFailure({ placement }: TenantDatabase, error: unknown): Error {
  if (isTenancyError(error)) return error;
  return new DatabaseUnavailableError(placement.name, { cause: error });
}
