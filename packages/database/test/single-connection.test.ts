import { createTenancy, memoryStore, systemClock } from "@af-tenancy/core";
import {
  DatabaseUnavailableError,
  PoolExhaustedError,
  SingleConnection,
  sqlRunner,
  Turns,
} from "@af-tenancy/database";
import { acme, globex } from "@af-tenancy/testing";
import { expect, it, vi } from "vitest";
import { openInMemory } from "./memory-driver.ts";

it("opens with the first lease and only then", async () => {
  const { connection, opened } = make();
  expect([connection.isOpen, opened.length]).toEqual([false, 0]);

  const first = await connection.lease();
  await first.release();
  const second = await connection.lease();
  await second.release();

  expect([connection.isOpen, opened.length]).toEqual([true, 1]);
});

it("F008: opens, tells and closes outside the tenant whose query came first", async () => {
  const tenancy = createTenancy({ store: memoryStore([acme(), globex()]) });
  await tenancy.start();
  const seen: unknown[] = [];
  const see = () => void seen.push(tenancy.current());
  const { connection } = make({ opening: see, opened: see, closing: see, closed: see });

  const timer = await tenancy.run(acme(), async () => {
    const lease = await connection.lease();
    await lease.release();
    return seen.length;
  });
  await tenancy.run(globex(), () => connection.close());

  expect(timer).toBe(2);
  expect(seen).toEqual([null, null, null, null]);
});

it("F078: opens once for many at the same time", async () => {
  const { connection, opened } = make();

  await Promise.all(
    Array.from({ length: 64 }, async () => {
      const lease = await connection.lease();
      await lease.release();
    }),
  );

  expect(opened).toHaveLength(1);
  expect(connection.isFree).toBe(true);
});

it("F079: opens again after it could not be opened", async () => {
  let broken = true;
  const { connection } = make({
    opening() {
      if (broken) throw new DatabaseUnavailableError("acme", { cause: "broken" });
    },
  });
  await expect(connection.lease()).rejects.toThrow(DatabaseUnavailableError);
  expect([connection.isOpen, connection.isFree]).toEqual([false, true]);

  broken = false;
  const lease = await connection.lease();

  expect(await sqlRunner(lease.connection)("select 1 as one")).toEqual([{ one: 1 }]);
});

it("closes a connection that cannot be made clean, and opens another for the next", async () => {
  const { connection, opened } = make();
  const dirty = await connection.lease();
  vi.spyOn(dirty.driver, "releaseConnection").mockRejectedValueOnce(new RangeError("dirty"));

  await dirty.release();
  expect([connection.isOpen, connection.isFree]).toEqual([false, true]);

  await (await connection.lease()).release();
  expect(opened).toHaveLength(2);
});

it("lends the connection to one at a time", async () => {
  const { connection } = make();
  const lease = await connection.lease();

  await expect(connection.lease()).rejects.toThrow(PoolExhaustedError);

  await lease.release();
  const next = await connection.lease();
  await next.release();
});

it("opens another connection after one was destroyed", async () => {
  const { connection, opened } = make();
  const lease = await connection.lease();
  await sqlRunner(lease.connection)("create table gone (id integer)");

  await lease.destroy();

  const next = await connection.lease();
  await expect(sqlRunner(next.connection)("select * from gone")).rejects.toThrow("no such table");
  expect(opened).toHaveLength(2);
});

it("closes once the lease is back, and stays closed while the work runs", async () => {
  const { connection, opened } = make();
  const lease = await connection.lease();
  const steps: string[] = [];
  const closing = connection.whileClosed(async () => {
    steps.push(`closed: ${!connection.isOpen}`);
    await new Promise((resolve) => setTimeout(resolve, 10));
    steps.push("worked");
  });
  const later = Promise.resolve(connection.lease()).then(() => steps.push("opened"));

  steps.push(`still open: ${connection.isOpen}`);
  await lease.release();
  await Promise.all([closing, later]);

  expect(steps).toEqual(["still open: true", "closed: true", "worked", "opened"]);
  expect(opened).toHaveLength(2);
});

interface Watch {
  opening?(): void;
  opened?(): void;
  closing?(): void;
  closed?(): void;
}

function make({ opening, opened, closing, closed }: Watch = {}) {
  const times: number[] = [];
  const connection = new SingleConnection({
    async open() {
      opening?.();
      const driver = await openInMemory();
      times.push(times.length);
      const { destroy } = driver;
      driver.destroy = () => {
        closing?.();
        return destroy.call(driver);
      };
      return driver;
    },
    turns: new Turns(systemClock(), 50, (waited) => new PoolExhaustedError("acme", waited)),
    opened: () => opened?.(),
    closed: () => closed?.(),
  });
  return { connection, opened: times };
}
