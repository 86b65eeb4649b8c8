import { manualClock } from "@af-tenancy/core";
import { PoolExhaustedError } from "@af-tenancy/database";
import { expect, it } from "vitest";
import { startPool } from "./start-pool.ts";

it("F076: lets waiting tenants take turns, however many of one tenant's queries came first", async () => {
  const { lease } = startPool({ connections: 1, key: () => "shared", enter: (driver) => driver });
  const order: string[] = [];
  const held = await lease("first");
  const use = async (name: string) => {
    const taken = await lease(name);
    order.push(name);
    await taken.release();
  };

  const flood = Array.from({ length: 50 }, () => use("flood"));
  const others = ["acme", "globex"].map(use);
  await held.release();
  await Promise.all([...flood, ...others]);

  expect(order.slice(0, 4).sort()).toEqual(["acme", "flood", "flood", "globex"]);
});

it("S018: gives one tenant what the others leave idle, and takes it back when they ask", async () => {
  const { pool, lease, use } = startPool({ connections: 10, maxWait: 2_000 });
  const flooding = new AbortController();
  const flood = Array.from({ length: 30 }, async () => {
    while (!flooding.signal.aborted) await use("flood", 2);
  });
  await sleep(100);
  const alone = open(pool, "flood");

  const lights = Array.from({ length: 8 }, async (_, number) => {
    while (!flooding.signal.aborted) await use(`light-${number}`, 1);
  });
  await sleep(600);
  const crowded = open(pool, "flood");
  flooding.abort();
  await Promise.all([...flood, ...lights]);

  expect(alone).toBeGreaterThanOrEqual(7);
  expect(crowded).toBeLessThanOrEqual(3);
  await expect(lease("light-1")).resolves.toBeDefined();
});

it("F076: leaves a quarter of the places to whoever comes next while one tenant has its share", async () => {
  const { lease, use } = startPool({ connections: 10, maxWait: 100 });
  await use("other");
  const flood = Array.from({ length: 8 }, () => lease("flood").catch(() => undefined));
  const leases = (await Promise.all(flood)).filter((one) => one !== undefined);

  const late = await Promise.all([lease("acme"), lease("globex")]);

  expect(leases).toHaveLength(6);
  for (const one of [...leases, ...late]) await one.release();
});

it("has a tenant that wants more than its share leave the connections that others used just now", async () => {
  const { opened, closed, lease, use } = startPool({ connections: 6, maxWait: 100 });
  for (const name of ["one", "two", "three", "four"]) await use(name);

  const leases = [await lease("flood"), await lease("flood")];
  await expect(lease("flood")).rejects.toThrow(PoolExhaustedError);

  expect(closed).toEqual([]);
  for (const name of ["one", "two", "three", "four"]) await use(name);
  expect(opened).toHaveLength(6);
  for (const one of leases) await one.release();
});

it("keeps places for those who hold a connection already, so that they can finish", async () => {
  let depth = 0;
  const { pool, lease } = startPool({ connections: 10, depth: () => depth, maxWait: 50 });
  const outer = await Promise.all(Array.from({ length: 8 }, (_, n) => lease(`tenant-${n}`)));
  await expect(lease("one-more")).rejects.toThrow(PoolExhaustedError);

  depth = 1;
  const inner = await lease("inner");
  await expect(lease("another-inner")).rejects.toThrow(PoolExhaustedError);
  depth = 2;
  const innermost = await lease("innermost");

  expect(pool.size).toBe(10);
  for (const one of [...outer, inner, innermost]) await one.release();
});

it("keeps those places also when connections are open that nobody uses", async () => {
  let depth = 0;
  const shared = { key: () => "shared", enter: <D>(driver: D) => driver } as const;
  const { pool, lease } = startPool({
    connections: 10,
    depth: () => depth,
    maxWait: 50,
    ...shared,
  });
  const take = (count: number) =>
    Promise.all(Array.from({ length: count }, (_, n) => lease(`tenant-${n}`)));
  const outer = await take(8);
  depth = 2;
  const inner = await take(2);
  for (const one of [...outer, ...inner]) await one.release();
  expect(pool.size).toBe(10);

  depth = 0;
  const again = await take(8);
  await expect(lease("one-more")).rejects.toThrow(PoolExhaustedError);

  for (const one of again) await one.release();
});

it("lets background work have half of the places while nobody else asks, and one while others do", async () => {
  const { lease } = startPool({ connections: 10, key: () => "shared", enter: (driver) => driver });
  const bulk = { lane: "bulk" } as const;

  const background = await Promise.all(Array.from({ length: 4 }, () => lease("acme", bulk)));
  await expect(lease("acme", bulk)).rejects.toThrow(PoolExhaustedError);
  const others = await Promise.all(Array.from({ length: 4 }, (_, n) => lease(`tenant-${n}`)));
  for (const one of background) await one.release();

  expect(others).toHaveLength(4);
  for (const one of others) await one.release();
});

it("lets background work have no more than that of connections that nobody uses either", async () => {
  const { lease } = startPool({ connections: 10, key: () => "shared", enter: (driver) => driver });
  const all = await Promise.all(Array.from({ length: 8 }, () => lease("acme")));
  for (const one of all) await one.release();
  const bulk = { lane: "bulk" } as const;

  const background = await Promise.all(Array.from({ length: 4 }, () => lease("acme", bulk)));
  await expect(lease("acme", bulk)).rejects.toThrow(PoolExhaustedError);

  for (const one of background) await one.release();
});

it("lets background work have as much again, however much it had before", async () => {
  const { lease } = startPool({ connections: 10, clock: manualClock() });
  const bulk = { lane: "bulk" } as const;
  for (let round = 0; round < 20; round++) await (await lease("acme", bulk)).release();

  const background = await Promise.all(Array.from({ length: 4 }, () => lease("acme", bulk)));

  expect(background).toHaveLength(4);
  for (const one of background) await one.release();
});

it("serves a piece of background work although others always wait", async () => {
  const { lease, use } = startPool({ connections: 3, key: () => "shared", enter: (d) => d });
  const flooding = new AbortController();
  const flood = Array.from({ length: 6 }, async (_, number) => {
    while (!flooding.signal.aborted) await use(`tenant-${number}`, 1);
  });

  const background = await lease("acme", { lane: "bulk" });
  flooding.abort();
  await Promise.all(flood);

  await background.release();
});

function open(pool: ReturnType<typeof startPool>["pool"], tenant: string): number {
  return pool.statistics().tenants.find(({ tenantId }) => tenantId === tenant)?.open ?? 0;
}

function sleep(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}
