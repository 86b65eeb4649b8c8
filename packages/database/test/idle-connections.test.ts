import { expect, it } from "vitest";
import { startPool } from "./start-pool.ts";

it("S017: keeps open what is asked for all the time while many tenants come once", async () => {
  const { opened, closed, use } = startPool({ connections: 4, maxWait: 1_000 });
  for (let round = 0; round < 5; round++) for (const name of ["acme", "globex"]) await use(name);

  for (let number = 0; number < 20; number++) {
    await use(`visitor-${number}`);
    if (number % 7 === 6) for (const name of ["acme", "globex"]) await use(name);
  }

  expect(closed.filter((name) => !name.startsWith("visitor"))).toEqual([]);
  expect(opened.filter((name) => name === "acme" || name === "globex")).toHaveLength(2);
});

it("closes the one that has been idle longest of those that are asked for equally often", async () => {
  const { closed, use } = startPool({ connections: 3, maxWait: 1_000 });

  for (const name of ["one", "two", "three", "four", "five"]) await use(name);

  expect(closed.slice(0, 2)).toEqual(["one", "two"]);
});

it("counts a tenant's further connections for less than its first one", async () => {
  const { pool, lease, use } = startPool({ connections: 10, maxWait: 1_000 });
  for (let round = 0; round < 10; round++) {
    const together = await Promise.all(Array.from({ length: 4 }, () => lease("acme")));
    for (const one of together) await one.release();
  }
  for (let round = 0; round < 2; round++) {
    for (let number = 0; number < 9; number++) await use(`tenant-${number}`);
  }

  const openTo = (tenant: string) =>
    pool.statistics().tenants.find(({ tenantId }) => tenantId === tenant)?.open ?? 0;

  expect(openTo("acme")).toBeGreaterThan(0);
  expect(openTo("acme")).toBeLessThan(4);
});

it("forgets whom nobody asks for any more", async () => {
  const { closed, use } = startPool({ connections: 2, maxWait: 1_000 });
  for (let round = 0; round < 40; round++) await use("acme");

  for (let round = 0; round < 300; round++)
    for (const name of ["globex", "initech"]) await use(name);

  expect(closed.filter((name) => name === "acme")).toHaveLength(1);
});

it("closes the one of a tenant's connections that would be used last", async () => {
  const { opened, lease, use } = startPool({ connections: 3, maxWait: 1_000 });
  const both = [await lease("acme"), await lease("acme")];
  for (const one of both) await one.release();
  await use("globex");
  await use("initech");

  const kept = await lease("acme");

  expect(kept.driver).toBe(both[1]?.driver);
  expect(opened).toEqual(["acme", "acme", "globex", "initech"]);
  await kept.release();
});
