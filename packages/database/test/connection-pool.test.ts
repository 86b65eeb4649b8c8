import { DatabaseUnavailableError, PoolExhaustedError, sqlRunner } from "@af-tenancy/database";
import { expect, it, vi } from "vitest";
import { type StartPoolOptions, startPool } from "./start-pool.ts";
import { startShared } from "./start-shared.ts";

it("F076: never has more connections than its budget, however many tenants come", async () => {
  const { most, use } = startPool({ connections: 5, perTenant: 1, maxWait: 5_000 });

  for (let round = 0; round < 5; round++) {
    await Promise.all(Array.from({ length: 100 }, (_, number) => use(`tenant-${number}`)));
  }

  expect(most.open).toBe(5);
});

it("F076: gives up on a connection at the deadline and frees the next one for who waits still", async () => {
  const { lease } = startPool({ connections: 1, maxWait: 30 });
  const held = await lease("acme");

  const refused = await lease("globex").catch((error: unknown) => error);
  const waiting = lease("globex");
  await held.release();

  expect(refused).toBeInstanceOf(PoolExhaustedError);
  expect(refused).toMatchObject({ status: 503 });
  await (await waiting).release();
});

it("F077, X11: closes the connection that was used longest ago when another tenant needs its place", async () => {
  const { opened, closed, use } = startPool({ connections: 2 });
  for (const name of ["acme", "globex", "acme", "initech", "acme"]) await use(name);

  expect(opened).toEqual(["acme", "globex", "initech"]);
  expect(closed).toEqual(["globex"]);
});

it("F077, X11: closes none that is in use, and has others wait until one is free", async () => {
  const { opened, closed, lease, use } = startPool({ connections: 2 });
  const held = await lease("acme");
  await sqlRunner(held.connection)("create table kept (id integer)");

  const others = Promise.all(["globex", "initech", "umbrella"].map((name) => use(name)));
  await expect(others).rejects.toThrow(PoolExhaustedError);
  expect(await sqlRunner(held.connection)("select * from kept")).toEqual([]);
  expect(closed).not.toContain("acme");
  await held.release();
  await use("acme");

  expect(opened.filter((name) => name === "acme")).toHaveLength(1);
});

it("F078, X11: opens once for many at the same time where one connection is all a tenant may have", async () => {
  const { opened, use } = startPool({ connections: 9, perTenant: 1 });

  await Promise.all(Array.from({ length: 64 }, () => use("acme")));

  expect(opened).toEqual(["acme"]);
});

it("F078: opens one connection at a time for a tenant, and no more than are needed", async () => {
  let opening = 0;
  let most = 0;
  const { opened, use } = startPool({
    connections: 20,
    async opening() {
      most = Math.max(most, ++opening);
      await new Promise((resolve) => setTimeout(resolve, 5));
      opening -= 1;
    },
  });

  await Promise.all(Array.from({ length: 64 }, () => use("acme")));

  expect(most).toBe(1);
  expect(opened.length).toBeLessThan(20);
});

it("opens another connection after one was destroyed", async () => {
  const { pool, opened, lease, use } = startPool({ connections: 1 });

  await (await lease("acme")).destroy();
  expect(pool.size).toBe(0);
  await use("acme");

  expect(opened).toEqual(["acme", "acme"]);
});

it("closes a connection that cannot be made clean", async () => {
  const { pool, lease } = startPool({ connections: 1 });
  const dirty = await lease("acme");
  vi.spyOn(dirty.driver, "releaseConnection").mockRejectedValueOnce(new RangeError("dirty"));

  await dirty.release();

  expect(pool.size).toBe(0);
});

it("ends the wait for a connection with its scope", async () => {
  const { lease, use } = startPool({ connections: 1 });
  const held = await lease("acme");
  const scope = new AbortController();
  const waiting = lease("acme", scope);

  scope.abort(new RangeError("ended"));

  await expect(waiting).rejects.toThrow("ended");
  await expect(lease("acme", scope)).rejects.toThrow("ended");
  await held.release();
  await use("acme");
});

it("S023: ties a shared connection to its borrower for each lease, and closes it when that fails", async () => {
  const entered: string[] = [];
  const { pool, opened, lease, use } = startPool({
    connections: 1,
    key: () => "shared",
    enter(driver, { tenantId }) {
      if (tenantId === "umbrella") throw new RangeError("no such user");
      entered.push(tenantId);
      return driver;
    },
  });

  for (const name of ["acme", "globex", "acme"]) await use(name);
  await expect(lease("umbrella")).rejects.toThrow(DatabaseUnavailableError);

  expect(entered).toEqual(["acme", "globex", "acme"]);
  expect(opened).toEqual(["acme"]);
  expect(pool.size).toBe(0);
});

it("F083: closes a connection at once that breaks while it is idle, and at its return while it is used", async () => {
  const { pool, opened, lose, lease, use } = startPool({ connections: 1 });
  await use("acme");

  lose();
  await vi.waitFor(() => expect(pool.size).toBe(0));
  const used = await lease("acme");
  lose();
  expect(pool.size).toBe(1);
  await used.release();
  await vi.waitFor(() => expect(pool.size).toBe(0));

  await use("acme");
  expect(opened).toHaveLength(3);
});

it("S023: counts how often what a tenant uses was opened anew", async () => {
  const counts = async (shared: Partial<StartPoolOptions>) => {
    const { pool, borrower, lose, lease, use } = startPool({ connections: 5, ...shared });
    const seen: number[] = [];
    const note = () => seen.push(pool.openings(borrower("acme")));
    for (const one of [await lease("acme"), await lease("globex")]) await one.release();
    note();
    const both = [await lease("globex"), await lease("globex")];
    for (const one of both) await one.release();
    note();
    lose();
    await vi.waitFor(() => expect(pool.size).toBe(0));
    await use("globex");
    note();
    return seen;
  };

  expect(await counts({})).toEqual([1, 1, 1]);
  expect(await counts({ key: () => "shared", enter: (driver) => driver })).toEqual([1, 1, 2]);
});

it("S023: gives a shared connection to whom it was entered for last, and opens more for those who come often", async () => {
  const { entered, opened, use } = startShared({ connections: 2 });
  for (const tenant of ["acme", "globex"]) await use(tenant);
  await vi.waitFor(() => expect(opened).toEqual(["acme", "globex"]));
  for (const tenant of ["acme", "globex"]) await use(tenant);
  entered.length = 0;

  for (const tenant of ["acme", "globex", "globex", "acme", "acme", "globex"]) await use(tenant);

  expect(entered).toEqual([]);
  await use("initech");
  await use("globex");
  expect(entered).toEqual(["initech"]);
  await use("acme");
  expect(entered).toEqual(["initech", "acme"]);
  expect(opened).toHaveLength(2);
});

it("fails nobody else who waits at a shared server when one tenant's connection cannot be opened", async () => {
  const { use } = startShared({
    connections: 3,
    maxWait: 1_000,
    opening(tenantId) {
      if (tenantId === "broken") throw new RangeError("access denied");
    },
  });

  const [broken, whole] = await Promise.allSettled([use("broken"), use("whole")]);

  expect([broken?.status, whole?.status]).toEqual(["rejected", "fulfilled"]);
});

it("F077: does not take a further connection for the first one while nobody uses those that there are", async () => {
  let opened = 0;
  const second = Promise.withResolvers<void>();
  const started = startPool({
    ...{ connections: 5, maxWait: 1_000, key: () => "shared", isShared: () => true },
    opening: () => (++opened === 2 ? second.promise : undefined),
  });
  const first = await started.lease("acme");
  const waiting = started.lease("globex");
  await vi.waitFor(() => expect(opened).toBe(2));
  await first.release();
  await (await waiting).release();
  expect(started.pool.openings(started.borrower("acme"))).toBe(1);

  second.resolve();
  await vi.waitFor(() => expect(started.opened).toHaveLength(2));
  await new Promise(setImmediate);

  expect(started.pool.openings(started.borrower("acme"))).toBe(1);
});
