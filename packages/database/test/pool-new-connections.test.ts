import { PoolExhaustedError } from "@af-tenancy/database";
import { expect, it } from "vitest";
import { startPool } from "./start-pool.ts";
import { startShared } from "./start-shared.ts";
import { withoutUpkeep } from "./without-upkeep.ts";

it.each([
  ["somebody who holds one already", 1, undefined],
  ["somebody who holds none", 0, undefined],
  ["background work", 0, "bulk"],
] as const)(
  "S023: gives a new connection to whom it was opened for: %s",
  async (_, depth, lane) => {
    const opening = { acme: Promise.withResolvers<void>(), globex: Promise.withResolvers<void>() };
    const { pool, borrower, entered, lease } = startShared({
      ...{ connections: 10, maxWait: 1_000, depth: () => depth },
      opening: (tenantId) => opening[tenantId as "acme" | "globex"].promise,
    });
    const request = lane && { lane };
    const [other, first] = await pool.whileHeld(borrower("globex"), () => {
      return [lease("globex", request), lease("acme", request)] as const;
    });

    opening.acme.resolve();
    await first;
    opening.globex.resolve();

    for (const one of [await first, await other]) await one.release();
    expect(entered).toEqual([]);
  },
);

it("F077: has nobody close a new connection before its tenant has used it", async () => {
  const opening = Promise.withResolvers<void>();
  const { pool, borrower, opened, use } = startPool({
    ...{ connections: 1, maxWait: 1_000 },
    opening: (tenantId) => (tenantId === "acme" ? opening.promise : undefined),
  });
  const waiting = await pool.whileHeld(borrower("globex"), () => [use("globex"), use("acme")]);

  opening.resolve();

  await Promise.all(waiting);
  expect(opened).toEqual(["acme", "globex"]);
});

it("gives a tenant's new connection to who holds one already, and to its background work last", async () => {
  let depth = 0;
  const opening = Promise.withResolvers<void>();
  const order: string[] = [];
  const { lease } = startPool({
    ...{ connections: 10, maxWait: 1_000, depth: () => depth },
    opening: () => opening.promise,
  });
  const told = async (name: string, leasing: ReturnType<typeof lease>) => {
    const one = await leasing;
    order.push(name);
    return one;
  };
  const leases = [
    told("background", lease("acme", { lane: "bulk" })),
    told("normal", lease("acme")),
  ];
  depth = 1;
  leases.push(told("nested", lease("acme")));

  opening.resolve();

  for (const one of await Promise.all(leases)) await one.release();
  expect(order).toEqual(["nested", "normal", "background"]);
});

it("lends no new connection to a tenant that gets no lease for the time being", async () => {
  const opening = Promise.withResolvers<void>();
  const { pool, borrower, closed, lease } = startPool({
    ...{ connections: 3, maxWait: 1_000 },
    opening: () => opening.promise,
  });
  const waiting = lease("acme");

  const held = pool.whileHeld(borrower("acme"), () => [pool.statistics().leased, ...closed]);
  opening.resolve();

  expect(await held).toEqual([0, "acme"]);
  await (await waiting).release();
});

it("lends no new connection whose place is kept for those who hold one already", async () => {
  const opening = Promise.withResolvers<void>();
  const { pool, lease, use } = startPool({
    ...{ connections: 3, maxWait: 30 },
    opening: (tenantId) => (tenantId === "slow" ? opening.promise : undefined),
  });
  for (const tenant of ["acme", "globex"]) await use(tenant);
  const late = expect(lease("slow")).rejects.toThrow(PoolExhaustedError);
  const leases = [await lease("acme"), await lease("globex")];

  opening.resolve();

  await late;
  expect(pool.statistics()).toMatchObject({ open: 3, leased: 2 });
  for (const one of leases) await one.release();
});

it("opens the second of two that a tenant asks for at once as soon as the first is open", async () => {
  withoutUpkeep();
  const { opened, lease } = startPool({ connections: 3 });

  const both = await Promise.all([lease("acme"), lease("acme")]);

  expect(opened).toEqual(["acme", "acme"]);
  for (const one of both) await one.release();
});
