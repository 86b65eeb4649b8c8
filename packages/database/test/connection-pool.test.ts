import { systemClock } from "@af-tenancy/core";
import { DatabaseUnavailableError, PoolExhaustedError, sqlRunner } from "@af-tenancy/database";
import { expect, it, vi } from "vitest";
import { Borrower } from "../src/connection/borrower.ts";
import { ConnectionPool } from "../src/connection/connection-pool.ts";
import type { ConnectionBudget, DriverConnections } from "../src/connection/driver-connections.ts";
import { memoryDriver, openInMemory } from "./memory-driver.ts";

it("F076: never has more connections than its budget, however many tenants come", async () => {
  const { pool, most, borrower } = make({ connections: 5, perTenant: 1, maxWait: 5_000 });

  for (let round = 0; round < 5; round++) {
    const tenants = Array.from({ length: 100 }, (_, number) => borrower(`tenant-${number}`));
    await Promise.all(tenants.map((tenant) => use(pool, tenant)));
  }

  expect(most.open).toBe(5);
});

it("F077: closes the connection that was used longest ago when another tenant needs its place", async () => {
  const { pool, opened, borrower } = make({ connections: 2 });
  for (const name of ["acme", "globex", "acme", "initech", "acme"]) await use(pool, borrower(name));

  expect(opened).toEqual(["acme", "globex", "initech"]);
});

it("F077: closes none that is in use, and has others wait until one is free", async () => {
  const { pool, opened, borrower } = make({ connections: 2 });
  const held = await pool.lease(borrower("acme"));
  await sqlRunner(held.connection)("create table kept (id integer)");

  for (const name of ["globex", "initech", "umbrella"]) await use(pool, borrower(name));
  expect(await sqlRunner(held.connection)("select * from kept")).toEqual([]);
  const other = await pool.lease(borrower("globex"));
  await expect(pool.lease(borrower("initech"))).rejects.toThrow(PoolExhaustedError);
  await Promise.all([held.release(), other.release()]);

  await use(pool, borrower("acme"));
  expect(opened.filter((name) => name === "acme")).toHaveLength(1);
});

it("F078: opens once for many at the same time where one connection is all a tenant may have", async () => {
  const { pool, opened, borrower } = make({ connections: 9, perTenant: 1 });
  const acme = borrower("acme");

  await Promise.all(Array.from({ length: 64 }, () => use(pool, acme)));

  expect(opened).toEqual(["acme"]);
});

it("opens further connections for one tenant while it keeps those it has busy", async () => {
  const { pool, opened, borrower } = make({ connections: 3 });
  const acme = borrower("acme");

  const leases = await Promise.all([pool.lease(acme), pool.lease(acme), pool.lease(acme)]);
  await expect(pool.lease(acme)).rejects.toThrow(PoolExhaustedError);
  for (const lease of leases) await lease.release();

  expect(opened).toEqual(["acme", "acme", "acme"]);
});

it("F079: opens again after it could not be opened, and keeps no place for what failed", async () => {
  let broken = true;
  const { pool, borrower } = make({ connections: 1 }, () => {
    if (broken) throw new RangeError("no route to host");
  });
  const acme = borrower("acme");
  const refused = {
    code: "DATABASE_UNAVAILABLE",
    status: 503,
    cause: { message: "no route to host" },
  };
  await expect(Promise.all([pool.lease(acme), pool.lease(acme)])).rejects.toMatchObject(refused);
  expect(pool.size).toBe(0);

  broken = false;

  await use(pool, acme);
  expect(pool.size).toBe(1);
});

it("opens another connection after one was destroyed", async () => {
  const { pool, opened, borrower } = make({ connections: 1 });
  const lease = await pool.lease(borrower("acme"));

  await lease.destroy();
  expect(pool.size).toBe(0);
  await use(pool, borrower("acme"));

  expect(opened).toEqual(["acme", "acme"]);
});

it("closes a connection that cannot be made clean", async () => {
  const { pool, borrower } = make({ connections: 1 });
  const lease = await pool.lease(borrower("acme"));
  vi.spyOn(lease.driver, "releaseConnection").mockRejectedValueOnce(new RangeError("dirty"));

  await expect(lease.release()).rejects.toThrow("dirty");

  expect(pool.size).toBe(0);
});

it("closes all of them, also those in use once they are given back", async () => {
  const { pool, borrower } = make({ connections: 5 });
  const lease = await pool.lease(borrower("acme"));
  await use(pool, borrower("globex"));

  const closing = pool.close();
  await lease.release();
  await closing;

  expect(pool.size).toBe(0);
});

it("reports what could not be closed, keeps its place, and closes it the next time", async () => {
  const { pool, borrower } = make({ connections: 5 });
  const lease = await pool.lease(borrower("acme"));
  const destroy = vi.spyOn(lease.driver, "destroy").mockRejectedValueOnce(new RangeError("stuck"));
  await lease.release();

  await expect(pool.close()).rejects.toThrow(AggregateError);
  expect(pool.size).toBe(1);
  await pool.close();

  expect(destroy).toHaveBeenCalledTimes(2);
  expect(pool.size).toBe(0);
});

it("ends the wait for a connection with its scope", async () => {
  const { pool, borrower } = make({ connections: 1 });
  const acme = borrower("acme");
  const lease = await pool.lease(acme);
  const scope = new AbortController();
  const waiting = pool.lease(acme, scope);

  scope.abort(new RangeError("ended"));

  await expect(waiting).rejects.toThrow("ended");
  await lease.release();
  await use(pool, acme);
});

it("ties a shared connection to its borrower for each lease, and closes it when that fails", async () => {
  const entered: string[] = [];
  const { pool, opened, borrower } = make({ connections: 1 }, undefined, {
    key: () => "shared",
    enter(driver, { tenantId }) {
      if (tenantId === "umbrella") throw new RangeError("no such user");
      entered.push(tenantId);
      return driver;
    },
  });

  for (const name of ["acme", "globex", "acme"]) await use(pool, borrower(name));
  await expect(pool.lease(borrower("umbrella"))).rejects.toThrow(DatabaseUnavailableError);

  expect(entered).toEqual(["acme", "globex", "acme"]);
  expect(opened).toEqual(["acme"]);
  expect(pool.size).toBe(0);
});

it("closes a connection at once that breaks while it is idle, and at its return while it is used", async () => {
  const { pool, opened, lose, borrower } = make({ connections: 3 });
  const acme = borrower("acme");
  await use(pool, acme);

  lose();
  await vi.waitFor(() => expect(pool.size).toBe(0));
  const lease = await pool.lease(acme);
  lose();
  expect(pool.size).toBe(1);
  await lease.release();
  await vi.waitFor(() => expect(pool.size).toBe(0));

  await use(pool, acme);
  expect(opened).toHaveLength(3);
});

it("gives a shared connection to whom it was entered for last, and opens more for those who come often", async () => {
  const entered: string[] = [];
  const { pool, opened, borrower } = makeShared({ connections: 2 }, entered);
  const [acme, globex] = [borrower("acme"), borrower("globex")];
  for (const tenant of [acme, globex]) await use(pool, tenant);
  await vi.waitFor(() => expect(opened).toEqual(["acme", "globex"]));
  for (const tenant of [acme, globex]) await use(pool, tenant);
  entered.length = 0;

  for (const tenant of [acme, globex, globex, acme, acme, globex]) await use(pool, tenant);

  expect(entered).toEqual([]);
  await use(pool, borrower("initech"));
  await use(pool, globex);
  expect(entered).toEqual(["initech"]);
  await use(pool, acme);
  expect(entered).toEqual(["initech", "acme"]);
  expect(opened).toHaveLength(2);
});

it("fails nobody else who waits at a shared server when one tenant's connection cannot be opened", async () => {
  const { pool, borrower } = makeShared({ connections: 2, maxWait: 1_000 }, [], "broken");

  const [broken, whole] = await Promise.allSettled([
    use(pool, borrower("broken")),
    use(pool, borrower("whole")),
  ]);

  expect([broken?.status, whole?.status]).toEqual(["rejected", "fulfilled"]);
});

/** Makes a pool whose connections serve every tenant, and notes for whom one of another's was entered. */
function makeShared(
  budget: Parameters<typeof make>[0],
  entered: string[],
  broken?: string,
): ReturnType<typeof make> {
  const seats = new WeakMap<object, string>();
  const opened: string[] = [];
  const made = make(budget, undefined, {
    key: () => "server",
    seat: ({ tenantId }) => tenantId,
    async open({ tenantId }) {
      if (tenantId === broken) throw new DatabaseUnavailableError(tenantId, { cause: "broken" });
      const driver = await openInMemory();
      opened.push(tenantId);
      seats.set(driver, tenantId);
      return driver;
    },
    enter(driver, { tenantId }) {
      if (seats.get(driver) === tenantId) return driver;
      entered.push(tenantId);
      seats.set(driver, tenantId);
      return Promise.resolve(driver);
    },
  });
  return { ...made, opened };
}

function make(
  { maxWait = 50, ...budget }: ConnectionBudget & { readonly maxWait?: number },
  opening: () => void = () => {},
  more: Partial<DriverConnections> = {},
) {
  const driver = memoryDriver();
  const opened: string[] = [];
  const lost = new Set<() => void>();
  const most = { now: 0, open: 0 };
  const connections: DriverConnections = {
    budget: () => budget,
    key: ({ placement }) => placement.name,
    async open({ tenantId }) {
      opening();
      const real = await openInMemory();
      opened.push(tenantId);
      most.now += 1;
      most.open = Math.max(most.open, most.now);
      const { destroy } = real;
      real.destroy = async () => {
        await new Promise(setImmediate);
        await destroy.call(real);
        most.now -= 1;
      };
      return Object.assign(real, { onLost: (listener: () => void) => void lost.add(listener) });
    },
    ...more,
  };
  const pool = new ConnectionPool({ connections, budget, clock: systemClock(), maxWait });
  const borrower = (tenantId: string) => {
    const database = { tenantId, placement: driver.place(tenantId, 1) };
    return new Borrower(database, connections);
  };
  const lose = () => {
    for (const listener of lost) listener();
    lost.clear();
  };
  return { pool, opened, most, lose, borrower };
}

async function use(pool: ConnectionPool, borrower: Borrower): Promise<void> {
  const lease = await pool.lease(borrower);
  await lease.release();
}
