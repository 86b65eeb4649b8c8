import { ContextEndedError, type ForgottenLease } from "@af-tenancy/core";
import {
  type DialectConnection,
  type DialectDriver,
  statement,
  TransactionLeftOpenError,
  TransactionOverError,
} from "@af-tenancy/database";
import { expect, it } from "vitest";
import type { ConnectionLease } from "../src/connection/connection-lease.ts";
import { LeasingDriver } from "../src/connection/leasing-driver.ts";
import { openInMemory } from "./memory-driver.ts";

const rows = {
  ...statement("select 1 as id union select 2 union select 3"),
  query: { kind: "SelectQueryNode" },
} as never;

it("F080: is forgotten while a transaction or a stream is open on it, and not after", async () => {
  const { driver, isForgotten } = await make();
  const seen = [isForgotten()];
  const connection = await driver.acquireConnection();
  seen.push(isForgotten());
  await driver.beginTransaction(connection, {});
  seen.push(isForgotten());
  await driver.commitTransaction(connection);
  seen.push(isForgotten());
  const stream = connection.streamQuery(rows, 1);
  await stream.next();
  seen.push(isForgotten());
  for await (const _ of stream);
  seen.push(isForgotten());

  expect(seen).toEqual([false, false, true, false, true, false]);
});

it("reads two streams of one connection side by side", async () => {
  const { driver } = await make();
  const connection = await driver.acquireConnection();
  const streams = [connection.streamQuery(rows, 1), connection.streamQuery(rows, 1)];

  const read = [];
  for (let round = 0; round < 3; round++) for (const one of streams) read.push(await one.next());

  expect(read.map(({ done }) => done)).toEqual(Array(6).fill(false));
});

it("ends a stream before its connection is given back", async () => {
  const { driver, steps } = await make();
  const connection = await driver.acquireConnection();
  await connection.streamQuery(rows, 1).next();

  await driver.releaseConnection(connection);

  expect(steps).toEqual(["stream ended", "released"]);
});

it("is given back though a stream that was read on it cannot be ended", async () => {
  const { driver, steps } = await make({}, () => raise(new RangeError("stuck")));
  const connection = await driver.acquireConnection();
  await connection.streamQuery(rows, 1).next();

  await driver.releaseConnection(connection);

  expect(steps).toEqual(["released"]);
});

it("F080: has its scope look again once a stream is open that may be forgotten", async () => {
  const { driver, looks } = await make();
  const connection = await driver.acquireConnection();

  await connection.streamQuery(rows, 1).next();

  expect(looks.at(-1)).toBe(true);
});

it("F080: tells of a transaction that was left open, though its user commits it too late", async () => {
  const giving = Promise.withResolvers<void>();
  const { driver, forgotten } = await make({ release: () => giving.promise });
  const connection = await driver.acquireConnection();
  await driver.beginTransaction(connection, {});

  const abandoning = Promise.resolve(forgotten()?.abandon());
  await expect(driver.commitTransaction(connection)).rejects.toThrow(TransactionOverError);
  giving.resolve();

  await expect(abandoning).rejects.toThrow(TransactionLeftOpenError);
});

it("F080: is forgotten while a transaction is open on it whose commit failed, as its scope is told", async () => {
  const { driver, isForgotten, looks } = await make({}, () => {}, {
    commitTransaction: () => Promise.reject(new RangeError("stuck")),
  });
  const connection = await driver.acquireConnection();
  await driver.beginTransaction(connection, {});

  await expect(driver.commitTransaction(connection)).rejects.toThrow("stuck");

  expect([isForgotten(), looks.at(-1)]).toEqual([true, true]);
  await driver.rollbackTransaction(connection);
  expect(isForgotten()).toBe(false);
});

it("F039: takes back a transaction that began while its scope ended", async () => {
  const { driver, end, leases, steps } = await make();
  const connection = await driver.acquireConnection();

  const beginning = driver.beginTransaction(connection, {});
  end();

  await expect(beginning).rejects.toThrow(ContextEndedError);
  expect([steps, leases()]).toEqual([["begun", "released"], 0]);
});

it("F039: sends nothing that begins or keeps anything once its scope has ended", async () => {
  const { driver, end, steps } = await make();
  const connection = await driver.acquireConnection();
  end();

  await driver.rollbackToSavepoint(connection, "s", (() => ({})) as never);
  for (const late of [driver.savepoint, driver.releaseSavepoint]) {
    const sending = late.call(driver, connection, "s", (() => ({})) as never);
    await expect(sending).rejects.toThrow(ContextEndedError);
  }
  await expect(driver.beginTransaction(connection, {})).rejects.toThrow(ContextEndedError);
  await driver.rollbackToSavepoint(connection, "s", (() => ({})) as never);

  expect(steps).toEqual(["taken back to s", "released"]);
});

it.each<[string, Partial<ConnectionLease>]>([
  ["at once", { release: () => raise(new RangeError("stuck")) }],
  ["later", { release: () => Promise.reject(new RangeError("stuck")) }],
])("holds its scope no longer when it cannot be given back, as is told %s", async (_, lease) => {
  const { driver, leases } = await make(lease);
  const connection = await driver.acquireConnection();

  await expect(driver.releaseConnection(connection)).rejects.toThrow("stuck");

  expect(leases()).toBe(0);
});

it("holds its scope no longer when its source throws instead of lending", async () => {
  const { scope, leases } = await make();
  const source = {
    lease() {
      throw new RangeError("none");
    },
  };

  await expect(new LeasingDriver(source, scope).acquireConnection()).rejects.toThrow("none");

  expect(leases()).toBe(0);
});

it("holds its scope no longer when it is taken, or cannot be closed", async () => {
  const taken: (() => void)[] = [];
  const one = await make({ onTaken: (listener) => void taken.push(listener) });
  await one.driver.acquireConnection();
  const other = await make({ destroy: () => Promise.reject(new RangeError("stuck")) });
  await other.driver.acquireConnection();

  for (const listener of taken) listener();
  other.destroyAll();
  await new Promise(setImmediate);

  expect([one.leases(), other.leases()]).toEqual([0, 0]);
});

it("is closed once, and not at all after it was given back", async () => {
  const { driver, destroyAll, steps } = await make();
  const first = await driver.acquireConnection();
  for (let round = 0; round < 2; round++) destroyAll();
  const second = await driver.acquireConnection();
  await driver.releaseConnection(second);

  await first.destroy();
  await second.destroy();
  await driver.releaseConnection(first);

  expect(steps).toEqual(["destroyed", "released"]);
});

it("tells its scope only of a connection whose user may forget it", async () => {
  const { driver, isForgotten, forgettable } = await make();

  await driver.executeQuery(statement("select 1"));

  expect([forgettable(), isForgotten()]).toEqual([0, false]);
});

function raise(error: unknown): never {
  throw error;
}

/** A driver over one connection in memory, what its scope holds, and what is done with the connection. */
async function make(
  changed: Partial<ConnectionLease> = {},
  streamEnds = () => {},
  changedDriver: Partial<DialectDriver> = {},
) {
  const steps: string[] = [];
  const looks: boolean[] = [];
  const real = await openInMemory();
  const native = await real.acquireConnection();
  const connection: DialectConnection = {
    executeQuery: (query) => native.executeQuery(query),
    async *streamQuery<Row>(query: never, chunk: number) {
      try {
        yield* native.streamQuery<Row>(query, chunk);
      } finally {
        streamEnds();
        steps.push("stream ended");
      }
    },
  };
  const driver: DialectDriver = Object.assign(Object.create(real), {
    async beginTransaction() {
      steps.push("begun");
    },
    async commitTransaction() {},
    async rollbackTransaction() {},
    savepoint: async () => void steps.push("savepoint"),
    releaseSavepoint: async () => void steps.push("savepoint gone"),
    rollbackToSavepoint: async (_: unknown, name: string) =>
      void steps.push(`taken back to ${name}`),
    ...changedDriver,
  });
  const held = new Set<{ destroy: (() => void) | undefined }>();
  const forgettable: ForgottenLease[] = [];
  let hasEnded = false;
  const scope = {
    signal: new AbortController().signal,
    lease(destroy?: () => void, forgotten?: ForgottenLease) {
      if (hasEnded) throw new ContextEndedError("acme");
      const lease = { destroy };
      held.add(lease);
      if (forgotten !== undefined) forgettable.push(forgotten);
      return () => {
        held.delete(lease);
        looks.push(isForgotten());
      };
    },
  };
  const isForgotten = () => forgettable.some((one) => one.isForgotten);
  const lease = (): ConnectionLease => ({
    ...{ connection, driver },
    release: () => void steps.push("released"),
    destroy: async () => void steps.push("destroyed"),
    ...changed,
  });
  return {
    ...{ scope, steps, looks, isForgotten, driver: new LeasingDriver({ lease }, scope) },
    leases: () => held.size,
    forgettable: () => forgettable.length,
    forgotten: () => forgettable[0],
    destroyAll() {
      for (const { destroy } of held) destroy?.();
    },
    end() {
      hasEnded = true;
    },
  };
}
