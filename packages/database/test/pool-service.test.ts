import { manualClock } from "@af-tenancy/core";
import { expect, it } from "vitest";
import type { LeaseRequest } from "../src/connection/lease-request.ts";
import { type StartedPool, startPool } from "./start-pool.ts";
import { startShared } from "./start-shared.ts";

const shared = { key: () => "shared", enter: <D>(driver: D) => driver } as const;

it("serves those first who hold a connection already, then background work, then all others", async () => {
  let depth = 0;
  const started = startPool({ connections: 1, maxWait: 1_000, depth: () => depth, ...shared });
  const held = await started.lease("umbrella");
  const { order, use } = ordered(started);

  const waiting = [use("normal"), use("background", { lane: "bulk" })];
  depth = 1;
  waiting.push(use("nested"));
  await held.release();
  await Promise.all(waiting);

  expect(order).toEqual(["nested", "background", "normal"]);
});

it("serves further background work after all others", async () => {
  const started = startPool({ connections: 10, maxWait: 1_000, ...shared });
  const background = await started.lease("acme", { lane: "bulk" });
  const others = await Promise.all(Array.from({ length: 7 }, (_, n) => started.lease(`t-${n}`)));
  const { order, use } = ordered(started);

  const waiting = [use("background", { lane: "bulk" }), use("normal")];
  await others.pop()?.release();
  await Promise.all(waiting);

  expect(order).toEqual(["normal", "background"]);
  for (const one of [background, ...others]) await one.release();
});

it("serves all of a tenant's waiters as soon as there is something for them", async () => {
  const { pool, borrower, lease } = startPool({
    ...{ connections: 10, perTenant: 4, maxWait: 1_000 },
    ...shared,
  });
  const tenants = ["flood", "globex"].flatMap((name) => Array(4).fill(name));
  const all = await Promise.all(tenants.map((name) => lease(name)));
  for (const one of all) await one.release();
  const flood = await Promise.all(Array.from({ length: 4 }, () => lease("flood")));
  const more = lease("flood");

  const waiting = await pool.whileHeld(borrower("acme"), () => {
    return Array.from({ length: 3 }, () => lease("acme"));
  });

  expect(pool.statistics().leased).toBe(7);
  for (const one of [...(await Promise.all(waiting)), ...flood]) await one.release();
  await (await more).release();
});

it("lets a tenant go beyond its share while another may have nothing anyway", async () => {
  const { pool, borrower, lease } = startPool({ connections: 10, maxWait: 100, ...shared });

  const [leases, waiting] = await pool.whileHeld(borrower("acme"), async () => {
    const refused = lease("acme");
    return [await Promise.all(Array.from({ length: 6 }, () => lease("flood"))), [refused]];
  });

  expect(leases).toHaveLength(6);
  for (const one of [...leases, ...(await Promise.all(waiting))]) await one.release();
});

it("lets a tenant go beyond its share while a connection is opened for another", async () => {
  const opening = Promise.withResolvers<void>();
  const { lease } = startPool({
    ...{ connections: 10, maxWait: 200 },
    opening: (tenantId) => (tenantId === "slow" ? opening.promise : undefined),
  });
  const slow = lease("slow");

  const leases = await Promise.all(Array.from({ length: 6 }, () => lease("flood")));

  opening.resolve();
  for (const one of [...leases, await slow]) await one.release();
});

it("leaves a connection to its tenant for a turn that was idle while the tenant waited for room", async () => {
  const clock = manualClock();
  const started = startPool({ connections: 2, clock });
  const { order, use } = ordered(started);
  await started.use("acme");
  for (let round = 0; round < 10; round++) await started.use("globex");
  await clock.advance(1_000);
  const held = await started.lease("globex");
  const waiting = [use("acme"), use("umbrella"), use("acme")];

  await held.release();
  await Promise.all(waiting);

  expect(order).toEqual(["acme", "acme", "umbrella"]);
});

it("S023: opens a connection also for who has waited, and got one that was entered for another", async () => {
  const { opened, lease } = startShared({ connections: 3, maxWait: 1_000 });
  const leases = [await lease("acme"), await lease("globex")];
  const waiting = lease("initech");

  await leases.pop()?.release();

  await (await waiting).release();
  await expect.poll(() => opened).toEqual(["acme", "globex", "initech"]);
  await leases.pop()?.release();
});

it("S023: opens one connection at a time for who comes back to others'", async () => {
  let isSlow = false;
  const opening = Promise.withResolvers<void>();
  const { pool, use } = startShared({
    connections: 10,
    opening: () => (isSlow ? opening.promise : undefined),
  });
  await use("acme");
  isSlow = true;

  for (const tenant of ["initech", "acme", "initech", "acme"]) await use(tenant);

  expect(pool.size).toBe(3);
  opening.resolve();
});

it("F077: closes one connection for each tenant that wants a place, and for each at once", async () => {
  const closing = Promise.withResolvers<void>();
  const { pool, lease, use } = startPool({
    ...{ connections: 4, maxWait: 1_000 },
    closing: () => closing.promise,
  });
  for (const tenant of ["one", "two", "three", "four"]) await use(tenant);

  const waiting = [use("acme"), lease("acme", { lane: "bulk" }).then((one) => one.release())];
  expect(pool.statistics()).toMatchObject({ closing: 1, waiting: 2 });
  waiting.push(use("globex"));
  expect(pool.statistics()).toMatchObject({ closing: 2, waiting: 3 });

  closing.resolve();
  await Promise.all(waiting);
});

/** Notes in which order leases were had. */
function ordered({ lease }: StartedPool) {
  const order: string[] = [];
  async function taking(tenantId: string, request?: LeaseRequest) {
    const one = await lease(tenantId, request);
    order.push(tenantId);
    return one;
  }
  return {
    ...{ order, taking },
    async use(tenantId: string, request?: LeaseRequest) {
      await (await taking(tenantId, request)).release();
    },
  };
}
