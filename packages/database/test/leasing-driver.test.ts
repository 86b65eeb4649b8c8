import { ContextEndedError, systemClock } from "@af-tenancy/core";
import {
  type DialectDriver,
  type LeaseScope,
  leasingDialects,
  PoolExhaustedError,
  SingleConnection,
  statement,
  Turns,
} from "@af-tenancy/database";
import { expect, it } from "vitest";
import { LeasingDriver } from "../src/connection/leasing-driver.ts";
import { memoryDialect, openInMemory } from "./memory-driver.ts";

it("holds a lease of its scope from a connection's taking to its giving back", async () => {
  const { driver, scope } = make();

  const connection = await driver.acquireConnection();
  const during = scope.leases;
  await driver.releaseConnection(connection);
  await driver.releaseConnection(connection);

  expect([during, scope.leases]).toEqual([1, 0]);
});

it("does not give back a second time what somebody else holds by then", async () => {
  const { driver, connection } = make();
  const first = await driver.acquireConnection();
  await driver.releaseConnection(first);
  await driver.acquireConnection();

  await driver.releaseConnection(first);

  expect(connection.isFree).toBe(false);
});

it("takes no connection after the scope has ended", async () => {
  const { driver, scope, connection } = make();
  scope.end();

  await expect(driver.acquireConnection()).rejects.toThrow(ContextEndedError);

  expect(connection.isOpen).toBe(false);
});

it("ends the wait for a connection with the scope", async () => {
  const { driver, scope, connection } = make();
  const held = await connection.lease();
  const waiting = driver.acquireConnection();

  scope.end();

  await expect(waiting).rejects.toThrow(ContextEndedError);
  expect(scope.leases).toBe(0);
  await held.release();
  expect(connection.isFree).toBe(true);
});

it("sends nothing when its scope ended while it waited for a connection that then came", async () => {
  const { scope, connection } = make();
  const arriving = Promise.withResolvers<void>();
  const lease = () => arriving.promise.then(() => connection.lease());
  const driver = new LeasingDriver({ lease }, scope);
  const sending = driver.executeQuery(statement("create table note (id integer)"));

  scope.end();
  arriving.resolve();

  await expect(sending).rejects.toThrow(ContextEndedError);
  expect([scope.leases, connection.isFree]).toEqual([0, true]);
});

it("F039: sends nothing more in a transaction whose scope was cut off, and takes it back", async () => {
  const { driver, scope } = make();
  const connection = await driver.acquireConnection();
  await connection.executeQuery(statement("create table note (id integer)"));
  await driver.beginTransaction(connection, {});
  await connection.executeQuery(statement("insert into note values (1)"));

  scope.end();

  const late = connection.executeQuery(statement("insert into note values (2)"));
  await expect(late).rejects.toThrow(ContextEndedError);
  await expect(driver.commitTransaction(connection)).rejects.toThrow(ContextEndedError);
  await driver.rollbackTransaction(connection);
  await driver.releaseConnection(connection);
  expect(scope.leases).toBe(0);
});

it("F039: ends a stream whose scope was cut off", async () => {
  const { driver, scope } = make();
  const connection = await driver.acquireConnection();
  const rows = "select 1 as id union select 2 union select 3";
  const query = { ...statement(rows), query: { kind: "SelectQueryNode" } } as never;
  const read: unknown[] = [];

  const reading = (async () => {
    for await (const chunk of connection.streamQuery(query, 1)) {
      read.push(...chunk.rows);
      scope.end();
    }
  })();

  await expect(reading).rejects.toThrow(ContextEndedError);
  expect(read).toEqual([{ id: 1 }]);
});

it("destroys the connection that a scope still holds when its grace is over", async () => {
  const { driver, scope, connection } = make();
  await driver.acquireConnection();

  await scope.destroyLeases();

  expect([scope.leases, connection.isOpen, connection.isFree]).toEqual([0, false, true]);
});

it("gives the connection back when a transaction cannot begin", async () => {
  const { driver, scope, connection } = make((real) =>
    changed(real, { beginTransaction: async () => Promise.reject(new RangeError("busy")) }),
  );
  const leased = await driver.acquireConnection();

  await expect(driver.beginTransaction(leased, {})).rejects.toThrow("busy");

  expect([scope.leases, connection.isFree, connection.isOpen]).toEqual([0, true, true]);
});

it("closes a connection whose transaction cannot be taken back", async () => {
  const { driver, scope, connection } = make((real) =>
    changed(real, { rollbackTransaction: async () => Promise.reject(new RangeError("gone")) }),
  );
  const leased = await driver.acquireConnection();
  await driver.beginTransaction(leased, {});

  await expect(driver.rollbackTransaction(leased)).rejects.toThrow("gone");

  expect([scope.leases, connection.isFree, connection.isOpen]).toEqual([0, true, false]);
});

it("closes a connection that cannot be given back", async () => {
  const { driver, scope, connection } = make((real) =>
    changed(real, { releaseConnection: async () => Promise.reject(new RangeError("dirty")) }),
  );
  const leased = await driver.acquireConnection();

  await driver.releaseConnection(leased);

  expect([scope.leases, connection.isFree, connection.isOpen]).toEqual([0, true, false]);
});

/** A stay as core keeps it, ended and cut off by hand. */
class HandScope implements LeaseScope {
  readonly #controller = new AbortController();
  readonly #leases = new Set<{ readonly destroy: (() => void) | undefined }>();

  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  get leases(): number {
    return this.#leases.size;
  }

  lease(destroy?: () => void): () => void {
    this.#controller.signal.throwIfAborted();
    const lease = { destroy };
    this.#leases.add(lease);
    return () => void this.#leases.delete(lease);
  }

  end(): void {
    this.#controller.abort(new ContextEndedError("acme"));
  }

  async destroyLeases(): Promise<void> {
    for (const { destroy } of this.#leases) destroy?.();
    await new Promise(setImmediate);
  }
}

function make(change: (driver: DialectDriver) => DialectDriver = (driver) => driver) {
  const dialect = memoryDialect();
  const scope = new HandScope();
  const connection = new SingleConnection({
    open: async () => change(await openInMemory(dialect)),
    turns: new Turns(systemClock(), 1_000, (waited) => new PoolExhaustedError("acme", waited)),
  });
  return {
    scope,
    connection,
    driver: leasingDialects(dialect())(connection, scope).createDriver(),
  };
}

function changed(driver: DialectDriver, by: Partial<DialectDriver>): DialectDriver {
  return {
    init: () => driver.init(),
    acquireConnection: () => driver.acquireConnection(),
    releaseConnection: (connection) => driver.releaseConnection(connection),
    beginTransaction: (connection, settings) => driver.beginTransaction(connection, settings),
    commitTransaction: (connection) => driver.commitTransaction(connection),
    rollbackTransaction: (connection) => driver.rollbackTransaction(connection),
    destroy: () => driver.destroy(),
    ...by,
  };
}
