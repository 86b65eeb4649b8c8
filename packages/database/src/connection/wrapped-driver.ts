import type { DialectConnection, DialectDriver } from "./dialect.ts";

/** A connection that stands before another one. */
export interface WrappedConnection extends DialectConnection {
  readonly inside: DialectConnection;
}

/** The same driver, but that each connection it gives is wrapped: what is handed back is unwrapped again. */
export function wrappedDriver(
  driver: DialectDriver,
  wrap: (connection: DialectConnection) => WrappedConnection,
): Required<DialectDriver> {
  return {
    init: () => driver.init(),
    acquireConnection: async () => wrap(await driver.acquireConnection()),
    releaseConnection: (connection) => driver.releaseConnection(inside(connection)),
    beginTransaction: (connection, settings) =>
      driver.beginTransaction(inside(connection), settings),
    commitTransaction: (connection) => driver.commitTransaction(inside(connection)),
    rollbackTransaction: (connection) => driver.rollbackTransaction(inside(connection)),
    savepoint: async (connection, name, compile) =>
      driver.savepoint?.(inside(connection), name, compile),
    rollbackToSavepoint: async (connection, name, compile) =>
      driver.rollbackToSavepoint?.(inside(connection), name, compile),
    releaseSavepoint: async (connection, name, compile) =>
      driver.releaseSavepoint?.(inside(connection), name, compile),
    destroy: () => driver.destroy(),
  };
}

/** Whoever was given a connection hands back that one only. */
function inside(connection: DialectConnection): DialectConnection {
  return (connection as WrappedConnection).inside;
}
