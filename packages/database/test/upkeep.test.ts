import { expect, it, onTestFinished, vi } from "vitest";
import type { ConnectionBudget } from "../src/connection/driver-connections.ts";
import { Borrower } from "../src/connection/pool/borrower.ts";
import { IdleConnections } from "../src/connection/pool/idle-connections.ts";
import { Leases } from "../src/connection/pool/leases.ts";
import { leaseTerms, PoolLease } from "../src/connection/pool/pool-lease.ts";
import { PooledConnection } from "../src/connection/pool/pooled-connection.ts";
import { Upkeep } from "../src/connection/pool/upkeep.ts";
import { memoryDriver, openInMemory } from "./memory-driver.ts";

it("ends leases that are out too long, and none that is not", async () => {
  const { upkeep, lend, at, leaked } = make({}, 100);
  const first = await lend("acme");
  at(50);
  await lend("globex");

  at(100);
  upkeep.round();

  expect(leaked).toEqual([first]);
});

it("closes what is too old although it was used just now", async () => {
  const { upkeep, open, idle, at, discarded } = make({ maxLifetime: 100, idleTimeout: 1_000 });
  const old = await open("acme");
  at(90);
  old.idleSince = 90;
  const other = await open("globex");

  at(110);
  upkeep.round();

  expect(discarded).toEqual([[old, "worn"]]);
  expect([...idle]).toEqual([other]);
});

it("closes what nobody used for too long, and says so also of what is too old", async () => {
  const { upkeep, open, at, discarded } = make({ maxLifetime: 100, idleTimeout: 50 });
  const both = [await open("acme"), await open("globex")];
  both.forEach((one, index) => {
    one.idleSince = index * 20;
  });

  for (const time of [50, 100]) {
    at(time);
    upkeep.round();
  }

  expect(discarded).toEqual(both.map((one) => [one, "idle"]));
});

it("keeps no process alive", () => {
  const alive = () => process.getActiveResourcesInfo().filter((name) => name === "Timeout").length;
  const { upkeep, idleNow } = make({});
  const before = alive();

  upkeep.start();

  expect(alive()).toBe(before);
  idleNow();
  upkeep.round();
});

it("asks what is idle for a while, and again a while after its answer", async () => {
  const { upkeep, open, at } = make({ checkAfter: 100 });
  const connection = await open("acme");
  const asked = vi.spyOn(connection.connection, "executeQuery");
  const askedAt: number[] = [];

  for (let time = 0; time <= 300; time += 20) {
    at(time);
    if (time === 60) connection.idleSince = 60;
    const before = asked.mock.calls.length;
    upkeep.round();
    if (asked.mock.calls.length > before) askedAt.push(time);
  }

  expect(askedAt).toEqual([160, 260]);
});

it("closes what gives no answer, and retires it where somebody has taken it meanwhile", async () => {
  vi.useFakeTimers();
  onTestFinished(() => void vi.useRealTimers());
  const { upkeep, open, idle, at, discarded } = make({ checkAfter: 100 });
  const [silent, taken] = [await open("acme"), await open("globex")];
  for (const { connection } of [silent, taken]) {
    connection.executeQuery = () => new Promise(() => {});
  }
  at(100);
  upkeep.round();

  idle.remove(taken);
  await vi.advanceTimersByTimeAsync(5_000);

  expect(discarded).toEqual([[silent, "broken"]]);
  expect(taken.retired).toBe("broken");
});

it("leaves no timer of a check behind", async () => {
  vi.useFakeTimers();
  onTestFinished(() => void vi.useRealTimers());
  const { upkeep, open, at, discarded } = make({ checkAfter: 100 });
  await open("acme");
  at(100);

  upkeep.round();
  await vi.advanceTimersByTimeAsync(0);

  expect([vi.getTimerCount(), discarded]).toEqual([0, []]);
});

it("has one timer, which ends with its work", async () => {
  vi.useFakeTimers();
  onTestFinished(() => void vi.useRealTimers());
  const { upkeep, idleNow } = make({});
  upkeep.start();
  upkeep.start();
  expect(vi.getTimerCount()).toBe(1);

  idleNow();
  vi.advanceTimersByTime(250);
  expect(vi.getTimerCount()).toBe(0);

  upkeep.start();
  expect(vi.getTimerCount()).toBe(1);
});

/** The upkeep of connections in memory, and what it does with them. */
function make(budget: Partial<ConnectionBudget>, checkoutDeadline?: number) {
  const driver = memoryDriver();
  const [idle, leases] = [new IdleConnections(10), new Leases()];
  const leaked: PoolLease[] = [];
  const discarded: [PooledConnection, string][] = [];
  let now = 0;
  let isBusy = true;
  const upkeep = new Upkeep({
    ...{ idle, leases, checkoutDeadline },
    budget: { connections: 10, ...budget },
    now: () => now,
    leaked: (lease) => void leaked.push(lease),
    discard: (connection, reason) => void discarded.push([connection, reason]),
    goOn: () => isBusy,
  });
  async function pooled(tenantId: string) {
    const database = { tenantId, placement: driver.place(tenantId, 1) };
    const borrower = new Borrower(database, driver.connections);
    const opened = await openInMemory();
    const connection = await opened.acquireConnection();
    return { borrower, connection: new PooledConnection(borrower, opened, connection, now, now) };
  }
  return {
    ...{ upkeep, idle, leaked, discarded },
    at(time: number) {
      now = time;
    },
    idleNow() {
      isBusy = false;
    },
    async open(tenantId: string) {
      const { connection } = await pooled(tenantId);
      idle.add(connection);
      return connection;
    },
    async lend(tenantId: string) {
      const { borrower, connection } = await pooled(tenantId);
      const lease = new PoolLease(leaseTerms(borrower, {}, now), connection, () => undefined);
      leases.add(lease);
      return lease;
    },
  };
}
