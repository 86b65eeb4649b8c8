import { setImmediate } from "node:timers/promises";
import type { ConnectionLease } from "../connection/connection-lease.ts";
import type {
  DialectConnection,
  DialectDriver,
  Statement,
  StatementResult,
} from "../connection/dialect.ts";
import { type WrappedConnection, wrappedDriver } from "../connection/wrapped-driver.ts";
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

class ObservedConnection implements WrappedConnection {
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
  const wrapped = wrappedDriver(driver, (connection) => new ObservedConnection(connection, watch));
  return {
    ...wrapped,
    async beginTransaction(connection, settings) {
      await wrapped.beginTransaction(connection, settings);
      watch.began();
    },
    async rollbackTransaction(connection) {
      watch.rolledBack();
      await wrapped.rollbackTransaction(connection);
    },
    async savepoint(connection, name, compile) {
      await wrapped.savepoint(connection, name, compile);
      watch.saved(name);
    },
    async rollbackToSavepoint(connection, name, compile) {
      watch.rolledBackTo(name);
      await wrapped.rollbackToSavepoint(connection, name, compile);
    },
  };
}
