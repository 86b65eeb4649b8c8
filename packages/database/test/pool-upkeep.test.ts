import { subscribe, unsubscribe } from "node:diagnostics_channel";
import { createTenancy, manualClock, memoryStore } from "@af-tenancy/core";
import { sqlRunner } from "@af-tenancy/database";
import { acme } from "@af-tenancy/testing";
import { expect, it, onTestFinished, vi } from "vitest";
import { startPool } from "./start-pool.ts";

it("S017: closes a connection that nobody used for a while", async () => {
  const { pool, closed, use } = startPool({ connections: 5, idleTimeout: 100 });

  await use("acme");

  await vi.waitFor(() => expect(closed).toEqual(["acme"]));
  expect(pool.size).toBe(0);
});

it("S017: asks an idle connection whether it is still there, and closes one that is not", async () => {
  const started = startPool({ connections: 5, checkAfter: 50 });
  const { pool, use } = started;
  await use("acme");
  await use("globex");
  const [acme, globex] = started.open;
  const asked = vi.spyOn(await connectionOf(acme), "executeQuery");
  vi.spyOn(await connectionOf(globex), "executeQuery").mockRejectedValue(new Error("gone"));

  await vi.waitFor(() => expect(pool.size).toBe(1));

  expect(asked).toHaveBeenCalled();
  expect(pool.statistics().tenants.map(({ tenantId, open }) => [tenantId, open])).toEqual([
    ["acme", 1],
    ["globex", 0],
  ]);
});

it("puts a new connection in the place of one that was used or has lived long enough", async () => {
  const used = startPool({ connections: 5, maxUses: 3 });
  for (let round = 0; round < 7; round++) await used.use("acme");
  const clock = manualClock();
  const old = startPool({ connections: 5, maxLifetime: 30, clock });
  for (let round = 0; round < 3; round++) {
    const lease = await old.lease("acme");
    await clock.advance(20);
    await lease.release();
  }

  expect(used.opened).toHaveLength(3);
  expect(old.opened).toHaveLength(2);
});

it("F080: counts the time of a lease from when it was lent, however long was waited for it", async () => {
  const clock = manualClock();
  const found: unknown[] = [];
  listen("af-tenancy:connection-leak", (message) => found.push(message));
  const { pool, lease } = startPool({
    ...{ connections: 1, checkoutDeadline: 100, maxWait: 2_000, clock },
  });
  const first = await lease("acme");
  const waiting = lease("globex");
  await clock.advance(90);
  await first.release();
  const second = await waiting;

  await clock.advance(60);
  await rounds();
  expect([found, pool.statistics().leased]).toEqual([[], 1]);

  await clock.advance(50);
  await vi.waitFor(() => expect(found).toMatchObject([{ tenantId: "globex", milliseconds: 110 }]));
  await second.release();
});

it("F080: closes a connection that is not given back, and tells who has it", async () => {
  const found: unknown[] = [];
  listen("af-tenancy:connection-leak", (message) => found.push(message));
  const { pool, lease, use } = startPool({ connections: 1, checkoutDeadline: 100, maxWait: 2_000 });

  const forgotten = await forgetfulHandler();
  await use("globex");

  expect(found).toEqual([
    expect.objectContaining({
      tenantId: "acme",
      name: "t_acme_g1",
      server: "default",
      milliseconds: expect.toSatisfy((time: number) => time >= 100),
      stack: expect.stringContaining("forgetfulHandler"),
    }),
  ]);
  await expect(sqlRunner(forgotten.connection)("select 1")).rejects.toThrow();
  await forgotten.release();
  expect(pool.statistics()).toMatchObject({ open: 1, leased: 0 });

  async function forgetfulHandler() {
    return await lease("acme");
  }
});

it("F080: tries again to close the connection of a lease that is not given back", async () => {
  const { pool, lease, use } = startPool({ connections: 1, checkoutDeadline: 50, maxWait: 2_000 });
  const forgotten = await lease("acme");
  const destroy = vi.spyOn(forgotten.driver, "destroy");
  destroy.mockRejectedValueOnce(new RangeError("stuck"));

  await use("globex");

  expect(destroy).toHaveBeenCalledTimes(2);
  expect(pool.statistics()).toMatchObject({ open: 1, leased: 0 });
});

it("F008: looks after connections outside the tenant whose query came first", async () => {
  const tenancy = createTenancy({ store: memoryStore([acme()]) });
  await tenancy.start();
  const seen: unknown[] = [];
  listen("af-tenancy:connection-leak", () => seen.push(tenancy.current()));
  const { closed, lease } = startPool({ connections: 3, checkoutDeadline: 50 });

  const forgotten = await tenancy.run(acme(), () => lease("acme"));
  await vi.waitFor(() => expect(closed).toEqual(["acme"]));

  expect(seen).toEqual([null]);
  await forgotten.release();
});

it("F008: closes a connection outside the tenant whose query makes it necessary", async () => {
  const tenancy = createTenancy({ store: memoryStore([acme()]) });
  await tenancy.start();
  const seen: unknown[] = [];
  const { lease } = startPool({ connections: 3, closing: () => void seen.push(tenancy.current()) });

  await tenancy.run(acme(), async () => (await lease("acme")).destroy());

  expect(seen).toEqual([null]);
});

it("F080: leaves background work its time", async () => {
  const { closed, lease } = startPool({ connections: 3, checkoutDeadline: 50 });
  const background = await lease("acme", { lane: "bulk" });
  const forgotten = await lease("globex");

  await vi.waitFor(() => expect(closed).toEqual(["globex"]));

  await background.release();
  await forgotten.release();
  expect(closed).toEqual(["globex"]);
});

it("S019: says how connections are used", async () => {
  const { pool, lease, use } = startPool({ connections: 3, perTenant: 1, maxWait: 20 });
  for (let round = 0; round < 8; round++) await use("acme");
  const held = await lease("globex");
  await expect(lease("globex")).rejects.toThrow();
  const waiting = lease("globex").catch(() => undefined);

  expect(pool.statistics()).toEqual({
    ...{ server: "default", limit: 3, open: 2, opening: 0, closing: 0, leased: 1, waiting: 1 },
    ...{ leases: 9, opened: 2, reuse: 1 - 2 / 9, exhausted: 1, failing: [] },
    tenants: [
      { tenantId: "acme", open: 1, leased: 0, waiting: 0, leases: 8, opened: 1 },
      { tenantId: "globex", open: 1, leased: 1, waiting: 1, leases: 1, opened: 1 },
    ],
  });
  await held.release();
  await waiting;
});

it("S019: says nothing of a tenant that is forgotten", async () => {
  const { pool, borrower, use } = startPool({ connections: 3 });
  for (const tenant of ["acme", "globex"]) await use(tenant);

  pool.forget(borrower("acme"));

  expect(pool.statistics().tenants.map(({ tenantId }) => tenantId)).toEqual(["globex"]);
});

it("S019: tells what happens to connections", async () => {
  const told: unknown[] = [];
  listen("af-tenancy:connection", (message) => {
    const { event, tenantId, reason } = message as Record<string, string>;
    told.push(reason === undefined ? `${event} ${tenantId}` : `${event} ${tenantId}: ${reason}`);
  });
  const { use, lease } = startPool({
    connections: 1,
    opening(tenantId) {
      if (tenantId === "initech") throw new RangeError("no route to host");
    },
  });

  await use("acme");
  await use("acme");
  await use("globex");
  await expect(lease("initech")).rejects.toThrow();

  expect(told).toEqual([
    ...[
      "opened acme",
      "leased acme",
      "waited acme",
      "released acme",
      "leased acme",
      "released acme",
    ],
    ...[
      "closed acme: evicted",
      "opened globex",
      "leased globex",
      "waited globex",
      "released globex",
    ],
    ...["closed globex: evicted", "failed initech", "waited initech"],
  ]);
});

function listen(channel: string, listener: (message: unknown) => void): void {
  subscribe(channel, listener);
  onTestFinished(() => void unsubscribe(channel, listener));
}

async function connectionOf(driver: ReturnType<typeof startPool>["open"][number] | undefined) {
  if (driver === undefined) return expect.unreachable();
  return driver.acquireConnection();
}

/** Waits until the upkeep, which has a timer of its own, has come round some times. */
async function rounds(): Promise<void> {
  await new Promise((resolve) => setTimeout(resolve, 350));
}
