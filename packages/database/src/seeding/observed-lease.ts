import { setImmediate } from "node:timers/promises";
import type { ConnectionLease } from "../connection/connection-lease.ts";
import type {
  DialectConnection,
  DialectDriver,
  Statement,
  StatementResult,
} from "../connection/dialect.ts";
import type { SeederWatch } from "./seeder-watch.ts";

/** The same lease, watched. */
export function observedLease(lease: ConnectionLease, watch: SeederWatch): ConnectionLease {
  return {
    connection: new ObservedConnection(lease.connection, watch),
    driver: observedDriver(lease.driver, watch),
    release: () => lease.release(),
    destroy: () => lease.destroy(),
    onTaken: (listener) => lease.onTaken?.(listener),
  };
}

class ObservedConnection implements DialectConnection {
  readonly inside: DialectConnection;
  readonly #watch: SeederWatch;

  constructor(inside: DialectConnection, watch: SeederWatch) {
    this.inside = inside;
    this.#watch = watch;
  }

  async executeQuery<Row>(query: Statement): Promise<StatementResult<Row>> {
    const result = await this.inside.executeQuery<Row>(query);
    // Engines that work inside this process would let nobody else have a turn.
    if (this.#watch.ran(query, result)) await setImmediate();
    return result;
  }

  streamQuery<Row>(
    query: Statement,
    chunkSize: number,
  ): AsyncIterableIterator<StatementResult<Row>> {
    return this.inside.streamQuery<Row>(query, chunkSize);
  }
}

function observedDriver(driver: DialectDriver, watch: SeederWatch): DialectDriver {
  return {
    init: () => driver.init(),
    acquireConnection: async () => new ObservedConnection(await driver.acquireConnection(), watch),
    releaseConnection: (connection) => driver.releaseConnection(inside(connection)),
    async beginTransaction(connection, settings) {
      await driver.beginTransaction(inside(connection), settings);
      watch.began();
    },
    commitTransaction: (connection) => driver.commitTransaction(inside(connection)),
    async rollbackTransaction(connection) {
      watch.rolledBack();
      await driver.rollbackTransaction(inside(connection));
    },
    async savepoint(connection, name, compile) {
      await driver.savepoint?.(inside(connection), name, compile);
      watch.saved(name);
    },
    async rollbackToSavepoint(connection, name, compile) {
      watch.rolledBackTo(name);
      await driver.rollbackToSavepoint?.(inside(connection), name, compile);
    },
    releaseSavepoint: async (connection, name, compile) =>
      driver.releaseSavepoint?.(inside(connection), name, compile),
    destroy: () => driver.destroy(),
  };
}

/** Whoever leased it hands back only what the lease gave. */
function inside(connection: DialectConnection): DialectConnection {
  return (connection as ObservedConnection).inside;
}
