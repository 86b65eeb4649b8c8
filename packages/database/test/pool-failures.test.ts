import { setTimeout as sleep } from "node:timers/promises";
import { DatabaseNotReadyError } from "@af-tenancy/core";
import { DatabaseUnavailableError } from "@af-tenancy/database";
import { expect, it, vi } from "vitest";
import type { ConnectionLease } from "../src/connection/connection-lease.ts";
import { startPool } from "./start-pool.ts";
import { withoutUpkeep } from "./without-upkeep.ts";

it("F079: opens again after it could not be opened, and keeps no place for what failed", async () => {
  let broken = true;
  const { pool, lease, use } = startPool({
    connections: 1,
    opening() {
      if (broken) throw new RangeError("no route to host");
    },
  });
  const refused = {
    code: "DATABASE_UNAVAILABLE",
    status: 503,
    cause: { message: "no route to host" },
  };
  await expect(Promise.all([lease("acme"), lease("acme")])).rejects.toMatchObject(refused);
  expect(pool.size).toBe(0);

  broken = false;

  await use("acme");
  expect(pool.size).toBe(1);
});

it("F079: stops trying after several failures, for a while, and for that tenant alone", async () => {
  let tries = 0;
  let broken = true;
  const { pool, lease, use } = startPool({
    connections: 3,
    opening(tenantId) {
      if (tenantId !== "acme" || !broken) return;
      tries += 1;
      throw new RangeError("no route to host");
    },
  });

  for (let attempt = 0; attempt < 20; attempt++) {
    await expect(lease("acme")).rejects.toThrow(DatabaseUnavailableError);
    await use("globex");
  }
  expect(tries).toBe(5);
  expect(pool.statistics().failing).toEqual([
    { tenantId: "acme", name: "t_acme_g1", breaker: "open" },
  ]);

  broken = false;
  await vi.waitFor(() => use("acme"), { timeout: 2_000, interval: 50 });
  expect(pool.statistics().failing).toEqual([]);
});

it("F079: always looks again for a database that was not there", async () => {
  let tries = 0;
  const { lease } = startPool({
    connections: 3,
    opening(tenantId) {
      tries += 1;
      throw new DatabaseNotReadyError(tenantId, "there is no such file");
    },
  });

  for (let attempt = 0; attempt < 20; attempt++) {
    await expect(lease("acme")).rejects.toThrow(DatabaseNotReadyError);
  }

  expect(tries).toBe(20);
});

it("has a tenant that has a connection wait for it when another cannot be opened", async () => {
  let broken = false;
  const { lease } = startPool({
    connections: 5,
    maxWait: 1_000,
    opening() {
      if (broken) throw new RangeError("no route to host");
    },
  });
  const held = await lease("acme");
  broken = true;

  const waiting = lease("acme");
  await new Promise((resolve) => setTimeout(resolve, 20));
  await held.release();

  await (await waiting).release();
});

it("S018: has fewer connections while the server has none left, and as many as before afterwards", async () => {
  const allowed = { connections: 3 };
  let failures = 0;
  const started = startPool({
    connections: 8,
    maxWait: 3_000,
    isFull: (error) => error instanceof DatabaseUnavailableError,
    opening() {
      if (started.open.length < allowed.connections) return;
      failures += 1;
      throw new RangeError("sorry, too many clients already");
    },
  });
  const { pool, use } = started;

  await Promise.all(Array.from({ length: 40 }, (_, number) => use(`tenant-${number}`, 2)));
  expect(failures).toBeGreaterThan(0);
  expect(pool.statistics()).toMatchObject({ exhausted: 0 });
  expect(pool.statistics().limit).toBeLessThan(8);

  allowed.connections = 8;
  await vi.waitFor(() => expect(pool.statistics().limit).toBe(8), { timeout: 4_000 });
});

it("F079: tries at once again at a server that has been full, however often it was", async () => {
  let isFull = true;
  const { pool, lease, use } = startPool({
    connections: 3,
    isFull: (error) => error instanceof DatabaseUnavailableError,
    opening() {
      if (isFull) throw new RangeError("sorry, too many clients already");
    },
  });
  for (let attempt = 0; attempt < 10; attempt++) {
    await expect(lease("acme")).rejects.toThrow(DatabaseUnavailableError);
  }

  isFull = false;

  await use("acme");
  expect(pool.statistics().failing).toEqual([]);
});

it("F079: has who waits for a connection that breaks try anew, though nobody else comes", async () => {
  const { pool, lease, loseAll, refuse, accept } = startFragile();
  const held = await lease("acme");
  refuse();
  const waiting = lease("acme");
  await vi.waitFor(() => expect(pool.size).toBe(1), { interval: 1 });

  await loseAll(held);
  accept();

  await (await waiting).release();
});

it("F079: has who comes right after a failure try anew, though all connections are gone by then", async () => {
  const { pool, lease, loseAll, refuse, accept } = startFragile();
  const held = await lease("acme");
  await sleep(200);
  refuse();
  const leaving = new AbortController();
  const left = lease("acme", { signal: leaving.signal });
  await vi.waitFor(() => expect(pool.size).toBe(1), { interval: 1 });
  leaving.abort();
  await expect(left).rejects.toThrow();

  await loseAll(held);
  accept();
  await sleep(100);

  await (await lease("acme")).release();
});

it("F079: tries at once for another tenant whose shared connection could not be opened", async () => {
  withoutUpkeep();
  let tries = 0;
  const { lease } = startPool({
    ...{ connections: 4, key: () => "shared", enter: (driver) => driver },
    opening() {
      tries += 1;
      if (tries === 1) throw new RangeError("no route to host");
    },
  });

  const [first, other] = await Promise.allSettled([lease("acme"), lease("globex")]);

  expect([first.status, other.status]).toEqual(["rejected", "fulfilled"]);
  if (other.status === "fulfilled") await other.value.release();
});

it("F079: begins anew with a shared connection when all that are left were lost, though they are in use", async () => {
  const shared = { key: () => "shared", enter: <D>(driver: D) => driver } as const;
  const { pool, borrower, lease, lose } = startPool({ connections: 4, ...shared });
  const held = [await lease("acme"), await lease("globex")];
  const before = pool.openings(borrower("acme"));
  lose();

  held.push(await lease("acme"));

  expect([before, pool.openings(borrower("acme"))]).toEqual([1, 2]);
  for (const one of held) await one.release();
});

/** A pool whose connections break, and cannot be opened while they are refused. */
function startFragile() {
  let broken = false;
  const started = startPool({
    connections: 3,
    maxWait: 3_000,
    opening() {
      if (broken) throw new RangeError("no route to host");
    },
  });
  return {
    ...started,
    refuse() {
      broken = true;
    },
    accept() {
      broken = false;
    },
    async loseAll(held: ConnectionLease) {
      started.lose();
      await held.release();
      await vi.waitFor(() => expect(started.pool.size).toBe(0), { interval: 1 });
    },
  };
}
