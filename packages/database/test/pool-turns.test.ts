import { isThenable, manualClock } from "@af-tenancy/core";
import { PoolExhaustedError } from "@af-tenancy/database";
import { expect, it } from "vitest";
import type { LeaseRequest } from "../src/connection/lease-request.ts";
import { type StartPoolOptions, startPool } from "./start-pool.ts";

const shared = { key: () => "shared", enter: <D>(driver: D) => driver } as const;

it("leaves a new connection to its tenant until its turn ends, and then to who came first", async () => {
  const { advance, taking, order, settled } = startTimed({ connections: 1 });
  const first = await taking("acme");
  const others = [taking("globex"), taking("acme"), taking("acme")];

  await first.release();
  await settled();
  await advance(20);
  for (const one of [others[1], others[0], others[2]]) await (await one)?.release();

  expect(order).toEqual(["acme", "acme", "globex", "acme"]);
});

it("leaves a connection that was idle to its tenant for a turn, too", async () => {
  const { advance, taking, order, settled } = startTimed({ connections: 1 });
  await (await taking("acme")).release();
  await advance(1_000);
  const first = await taking("acme");
  const others = [taking("globex"), taking("acme")];

  await first.release();
  await settled();
  await (await others[1])?.release();
  await advance(20);
  await (await others[0])?.release();

  expect(order.slice(1)).toEqual(["acme", "acme", "globex"]);
});

it("gives no turn to a tenant while somebody waits who holds a connection already", async () => {
  let depth = 0;
  const opening = Promise.withResolvers<void>();
  const { taking, order, settled } = startTimed({
    ...{ connections: 3, depth: () => depth },
    opening: (tenantId) => (tenantId === "slow" ? opening.promise : undefined),
  });
  const outer = await taking("globex");
  const slow = taking("slow");
  depth = 1;
  const nested = await taking("initech");
  const inner = taking("globex");
  depth = 0;
  const next = taking("initech");

  await nested.release();
  await settled();

  await (await inner).release();
  await outer.release();
  await (await next).release();
  opening.resolve();
  await (await slow).release();
  expect(order.slice(2)).toEqual(["globex", "initech", "slow"]);
});

it("gives no turn to a tenant that has its share while others wait", async () => {
  const { taking, order, settled } = startTimed({ connections: 6 });
  const leases = await Promise.all(Array.from({ length: 4 }, () => taking("flood")));
  const [other, more] = [taking("acme"), taking("flood")];

  await leases.pop()?.release();
  await settled();

  await (await other).release();
  for (const one of leases) await one.release();
  await (await more).release();
  expect(order.slice(4)).toEqual(["acme", "flood"]);
});

it("has nobody overtake who waits for the same tenant", async () => {
  const opening = Promise.withResolvers<void>();
  const { advance, taking, order, settled } = startTimed({
    connections: 300,
    opening: (tenantId) => (tenantId.startsWith("slow") ? opening.promise : undefined),
  });
  const first = await taking("acme");
  const slow = Array.from({ length: 100 }, (_, number) => taking(`slow-${number}`));
  const second = taking("acme");
  await advance(20);
  await first.release();

  const third = taking("acme").then((one) => one.release());
  await settled();
  opening.resolve();

  for (const one of slow) await (await one).release();
  await (await second).release();
  await third;
  expect(order.filter((name) => name === "acme")).toHaveLength(3);
  expect(order[1]).not.toBe("acme");
});

it("has a tenant wait for nothing whose connection is idle, though another waits for its own", async () => {
  const opening = Promise.withResolvers<void>();
  const { pool, borrower, lease, use } = startPool({
    connections: 3,
    opening: (tenantId) => (tenantId === "slow" ? opening.promise : undefined),
  });
  await use("acme");
  const slow = lease("slow");

  const taken = pool.lease(borrower("acme"));

  expect(isThenable(taken)).toBe(false);
  await (await taken).release();
  opening.resolve();
  await (await slow).release();
});

it("lends a tenant no more than it may have of shared connections that are idle", async () => {
  const { lease } = startPool({ connections: 4, perTenant: 1, ...shared });
  for (const one of [await lease("globex"), await lease("initech")]) await one.release();
  const held = await lease("acme");

  await expect(lease("acme")).rejects.toThrow(PoolExhaustedError);

  await held.release();
});

it("F076: leaves a quarter of shared connections that are idle to whoever comes next", async () => {
  const { lease } = startPool({ connections: 10, ...shared });
  const all = await Promise.all(Array.from({ length: 8 }, (_, n) => lease(`tenant-${n}`)));
  for (const one of all) await one.release();

  const flood = await Promise.all(
    Array.from({ length: 8 }, () => lease("flood").catch(() => undefined)),
  );

  const leases = flood.filter((one) => one !== undefined);
  expect(leases).toHaveLength(6);
  for (const one of leases) await one.release();
});

it("has a tenant that has its share wait while another gets nothing", async () => {
  const opening = Promise.withResolvers<void>();
  const { lease } = startPool({
    connections: 10,
    opening: (tenantId) => (tenantId.startsWith("slow") ? opening.promise : undefined),
  });
  const flood = await Promise.all(Array.from({ length: 4 }, () => lease("flood")));
  await flood.pop()?.release();
  const others = Array.from({ length: 6 }, (_, n) => lease(`slow-${n}`).catch(() => undefined));

  await expect(lease("flood")).rejects.toThrow(PoolExhaustedError);

  opening.resolve();
  for (const one of [...flood, ...(await Promise.all(others))]) await one?.release();
});

it("opens no connection that nobody may lease", async () => {
  const { pool, lease } = startPool({ connections: 10 });

  const leases = Array.from({ length: 12 }, (_, n) => lease(`tenant-${n}`).catch(() => undefined));
  for (const one of await Promise.all(leases)) await one?.release();

  expect(pool.statistics().opened).toBe(8);
});

it("has background work close nothing that others used just now", async () => {
  const { advance, closed, taking } = startTimed({ connections: 2 });
  for (let round = 0; round < 2; round++) {
    await advance(1_000);
    for (const name of ["acme", "globex"]) await (await taking(name)).release();
  }

  const refused = expect(taking("initech", { lane: "bulk" })).rejects.toThrow(PoolExhaustedError);
  await advance(50);

  await refused;
  expect(closed).toEqual([]);
});

/** A pool whose time stands still, and in which order leases were had. */
function startTimed(options: StartPoolOptions) {
  const clock = manualClock();
  const started = startPool({ ...options, clock });
  const order: string[] = [];
  return {
    ...{ order, closed: started.closed },
    advance: (milliseconds: number) => clock.advance(milliseconds),
    async taking(tenantId: string, request?: LeaseRequest) {
      const lease = await started.lease(tenantId, request);
      order.push(tenantId);
      return lease;
    },
    /** Resolves once what a release set off is done. */
    async settled() {
      for (let turn = 0; turn < 20; turn++) await new Promise(setImmediate);
    },
  };
}
