import { subscribe, unsubscribe } from "node:diagnostics_channel";
import type { TenantRecord } from "@af-tenancy/core";
import { sealCredentials } from "@af-tenancy/database";
import { tenantRecord, testScale } from "@af-tenancy/testing";
import { defineEntity, p } from "@mikro-orm/postgresql";
import { Client } from "pg";
import { afterAll, beforeAll, describe, expect, it, onTestFinished, vi } from "vitest";
import { Note } from "./entities.ts";
import { type Fleet, startFleet, startWith } from "./fleet.ts";
import { keys } from "./managers.ts";
import { canStartServer, type OwnServer, startOwnServer } from "./own-server.ts";

const why = canStartServer ? "" : " (skipped: PostgreSQL's programs are not installed)";

describe.skipIf(!canStartServer)(`connections of a server${why}`, () => {
  let own: OwnServer;
  /** Makes the tenants of tests that write nothing, whose databases are gone with the server. */
  let maker: Fleet;
  const made: TenantRecord[] = [];
  beforeAll(async () => {
    own = await startOwnServer();
    const { host, port, user, password, database } = own;
    const connection = { host, port, user, password, database };
    maker = await startFleet({ connection }, () => undefined);
    made.push(maker.acme, maker.globex);
    await maker.db.close?.();
  }, 60_000);
  afterAll(() => own.stop());

  it("F076, S017: never exceeds the budget, and serves every tenant among 200 callers", async () => {
    const count = Math.ceil(100 * testScale()) + 2;
    const { tenants, ...fleet } = await startReading({ maxConnections: 8 }, count);
    const watch = await watchConnections();

    const answers = await Promise.all(
      Array.from({ length: 200 }, (_, number) => {
        const tenant = tenants[number % tenants.length] as TenantRecord;
        return fleet.tenancy.run(tenant, () => fleet.db.em().execute("select pg_sleep(0.002)"));
      }),
    );

    expect(answers).toHaveLength(200);
    expect(Math.max(...(await watch()))).toBeLessThanOrEqual(8);
    const [stats] = fleet.db.stats();
    expect(stats).toMatchObject({ driver: "postgresql", exhausted: 0, leased: 0, waiting: 0 });
    expect(stats?.open).toBeLessThanOrEqual(8);
  });

  it("F076: answers 503 at the deadline when every connection is in use", async () => {
    const { db, tenancy, acme, globex } = await startReading({
      ...{ maxConnections: 1, maxWait: 1_000 },
    });

    await tenancy.run(acme, () =>
      db.em().transactional(async (em) => {
        await em.execute("select 1");
        const refused = tenancy.run(globex, () => db.em().count(Note, {}));
        await expect(refused).rejects.toMatchObject({ code: "POOL_EXHAUSTED", status: 503 });
      }),
    );

    expect(await tenancy.run(globex, () => db.em().count(Note, {}))).toBe(0);
  });

  it("F077, X11: closes idle connections for others and none that is in use", async () => {
    const limits = { maxConnections: 2, maxWait: 5_000 };
    const { db, tenancy, acme, globex, tenants } = await startReading(limits, 3);

    const long = tenancy.run(acme, () => db.em().execute("select 'kept', pg_sleep(0.5)"));
    for (const tenant of [globex, tenants[2] as TenantRecord, globex]) {
      await tenancy.run(tenant, () => db.em().count(Note, {}));
    }

    expect(await long).toHaveLength(1);
    expect(db.stats()[0]?.open).toBe(2);
  });

  it("F078, X11: opens few connections, one after the other, when many come first at once", async () => {
    const { db, tenancy, acme } = await startReading({ maxConnections: 10 });
    const before = db.stats()[0]?.opened ?? 0;

    await Promise.all(
      Array.from({ length: 64 }, () => tenancy.run(acme, () => db.em().count(Note, {}))),
    );

    const opened = (db.stats()[0]?.opened ?? 0) - before;
    expect(opened).toBeGreaterThan(0);
    expect(opened).toBeLessThanOrEqual(8);
  });

  it("F079: serves again as soon as a database can be opened again", async () => {
    const { db, tenancy, acme } = await start();
    await db.close?.();
    await db.start?.();
    const name = acme.placement?.name;
    await admin(`alter database "${name}" allow_connections false`);
    const use = () => tenancy.run(acme, () => db.em().count(Note, {}));
    for (let attempt = 0; attempt < 10; attempt++) await expect(use()).rejects.toThrow();
    expect(db.stats()[0]).toMatchObject({ open: 0, opening: 0 });
    expect(db.stats()[0]?.failing).toMatchObject([{ tenantId: acme.id, breaker: "open" }]);

    await admin(`alter database "${name}" allow_connections true`);

    await vi.waitFor(async () => expect(await use()).toBe(0), { timeout: 5_000, interval: 50 });
    expect(db.stats()[0]?.failing).toEqual([]);
  });

  it("F080: closes a connection that was not given back, and tells who took it", async () => {
    const leaks: { readonly tenantId: string; readonly stack: string }[] = [];
    const hear = (message: unknown) => void leaks.push(message as (typeof leaks)[number]);
    const { stackTraceLimit } = Error;
    Error.stackTraceLimit = 60;
    subscribe("af-tenancy:connection-leak", hear);
    onTestFinished(() => {
      unsubscribe("af-tenancy:connection-leak", hear);
      Error.stackTraceLimit = stackTraceLimit;
    });
    const { db, tenancy, acme } = await startReading({ checkoutDeadline: 200, maxConnections: 2 });

    await expect(tenancy.run(acme, () => neverFinish())).rejects.toThrow();

    expect(leaks[0]).toMatchObject({ tenantId: acme.id });
    expect(leaks[0]?.stack).toContain("neverFinish");
    await vi.waitFor(async () => expect(await backendsOf(acme)).toHaveLength(0));
    expect(await tenancy.run(acme, () => db.em().count(Note, {}))).toBe(0);

    async function neverFinish(): Promise<void> {
      await db.em().transactional((em) => em.execute("select 1"));
      await db.em().transactional(async (em) => {
        await em.execute("select 1");
        await vi.waitFor(() => expect(leaks).toHaveLength(1), { timeout: 2_000 });
        await em.execute("select 1");
      });
    }
  });

  it("F083: survives the end of connections in use and idle ones, and serves again within a second", async () => {
    const { db, tenancy, acme, globex } = await startReading();
    for (const tenant of [acme, globex]) await tenancy.run(tenant, () => db.em().count(Note, {}));

    const used = tenancy.run(acme, () => db.em().execute("select pg_sleep(10)"));
    const refused = expect(used).rejects.toMatchObject({ status: 503 });
    await vi.waitFor(async () => expect(await backendsOf(acme)).toHaveLength(1));
    await admin(
      "select pg_terminate_backend(pid) from pg_stat_activity where pid <> pg_backend_pid() and datname like 't\\_%'",
    );
    await refused;

    await vi.waitFor(() => expect(db.stats()[0]).toMatchObject({ open: 0, closing: 0 }));
    for (const tenant of [acme, globex]) {
      expect(await tenancy.run(tenant, () => db.em().count(Note, {}))).toBe(0);
    }
  });

  it("F084, G20: serves every tenant again after the server was restarted under load", {
    timeout: 900_000,
  }, async ({ annotate }) => {
    const fleet = await start({ maxConnections: 8, maxWait: 2_000 });
    const tenants = await tenantsOf(fleet, Math.ceil(20 * testScale()) + 4);
    const served = new Map<string, number>();
    const kept = new Map<string, number>();
    const wrong: unknown[] = [];
    const stop = new AbortController();
    const read = async (tenant: TenantRecord) => {
      const [row] = await fleet.db
        .em()
        .execute<{ name: string }[]>("select current_database() as name");
      if (row?.name !== tenant.placement?.name) wrong.push(row);
    };
    const write = async (tenant: TenantRecord) => {
      const id = (kept.get(tenant.id) ?? 0) + 1;
      await fleet.db.em().transactional(async (em) => {
        await read(tenant);
        await em.execute("insert into note (id, text) values (?, ?) on conflict do nothing", [
          ...[id, tenant.slug],
        ]);
      });
      kept.set(tenant.id, id);
    };
    const load = tenants.flatMap((tenant) =>
      [read, write].map(async (work) => {
        while (!stop.signal.aborted) {
          try {
            await fleet.tenancy.run(tenant, () => work(tenant));
            if (work === write) served.set(tenant.id, performance.now());
          } catch {
            // There is no server for a while.
          }
          await sleep(20);
        }
      }),
    );

    const recoveries: number[] = [];
    for (let restart = 0; restart < Math.ceil(50 * testScale()); restart++) {
      await sleep(200);
      await own.restart(300);
      const back = performance.now();
      await vi.waitFor(
        () =>
          expect([...served.values()].filter((time) => time > back)).toHaveLength(tenants.length),
        { timeout: 15_000, interval: 10 },
      );
      recoveries.push(Math.round(performance.now() - back));
    }
    stop.abort();
    await Promise.all(load);
    await annotate(`All served again after ${recoveries.join(", ")} ms; the goal is 5,000.`);

    expect(wrong).toEqual([]);
    for (const tenant of tenants) {
      const rows = await fleet.tenancy.run(tenant, () => fleet.db.em().count(Note, {}));
      expect(rows).toBeGreaterThanOrEqual(kept.get(tenant.id) ?? 1);
    }
    expect(fleet.db.stats()[0]).toMatchObject({ leased: 0, waiting: 0 });
  });

  it("F085: uses new credentials at once, and none that were opened with the old", async () => {
    const { db, tenancy, acme } = await start({ users: true });
    const { user } = JSON.parse(
      keys.decrypt("database-credentials", acme.placement?.secret ?? "", acme.id),
    );
    await Promise.all(
      [1, 2, 3].map(() => tenancy.run(acme, () => db.em().execute("select pg_sleep(0.01)"))),
    );
    const before = await backendsOf(acme);
    await admin(`alter role "${user}" password 'rotated'`);
    const secret = sealCredentials(keys, acme.id, { user, password: "rotated" });
    const rotated = { ...acme, placement: { ...acme.placement, secret } } as TenantRecord;

    await tenancy.run(acme, async () => {
      await db.em().count(Note, {});
      await tenancy.central(() => tenancy.run(rotated, () => db.em().count(Note, {})));
      const [row] = await db.em().execute<{ pid: number }[]>("select pg_backend_pid() as pid");
      expect(before).not.toContain(row?.pid);
    });

    await vi.waitFor(async () => {
      const after = await backendsOf(acme);
      expect(after.filter((pid) => before.includes(pid))).toEqual([]);
    });
  });

  it("C021: leaves no connection open after the end", async () => {
    const { tenants, ...fleet } = await startReading({}, 3);
    for (const tenant of tenants) {
      await fleet.tenancy.run(tenant, () => fleet.db.em().count(Note, {}));
    }

    await fleet.tenancy.close();

    expect(fleet.db.stats()[0]).toMatchObject({ open: 0, leased: 0, closing: 0 });
    // The server's processes go a moment after their connections.
    for (const tenant of tenants) {
      await vi.waitFor(async () => expect(await backendsOf(tenant)).toEqual([]), 20_000);
    }
  });

  it("S016, S020: serves a tenant's requests with one and the same connection", async () => {
    const { db, tenancy, acme, globex } = await startReading();
    const pid = async (tenant: TenantRecord) => {
      const sql = "select pg_backend_pid() as pid";
      const [row] = await tenancy.run(tenant, () => db.em().execute<{ pid: number }[]>(sql));
      return row?.pid;
    };

    const pids: (number | undefined)[][] = [];
    for (let round = 0; round < 50; round++) pids.push([await pid(acme), await pid(globex)]);

    expect(new Set(pids.map(([one]) => one)).size).toBe(1);
    expect(new Set(pids.map(([, other]) => other)).size).toBe(1);
    expect(pids[0]?.[0]).not.toBe(pids[0]?.[1]);
    expect(db.stats()[0]?.reuse).toBeGreaterThan(0.9);
  });

  it("S018, S019: makes do with what a full server has left, and tells so", async () => {
    const limits = { maxConnections: 40, maxWait: 5_000 };
    const { tenants, ...fleet } = await startReading(limits, 6);
    for (const tenant of tenants) await fleet.tenancy.run(tenant, () => fleet.db.em().count(Note));

    await Promise.all(
      Array.from({ length: 60 }, (_, number) =>
        fleet.tenancy.run(tenants[number % tenants.length] as TenantRecord, () =>
          fleet.db.em().execute("select pg_sleep(0.1)"),
        ),
      ),
    );

    const [stats] = fleet.db.stats();
    expect(stats).toMatchObject({ exhausted: 0 });
    expect(stats?.limit).toBeLessThan(40);
    expect(stats?.tenants.map(({ leases }) => leases).every((leases) => leases >= 10)).toBe(true);
  });

  it("S023: serves tenants in schemas with the same connection", async () => {
    const { db, tenancy, acme, globex } = await start({ strategy: "schema", maxConnections: 1 });
    const look = (tenant: TenantRecord) =>
      tenancy.run(tenant, async () => {
        await db.em().insert(Note, { id: 1, text: tenant.slug });
        const sql = "select pg_backend_pid() as pid, (select text from note) as text";
        const [row] = await db.em().execute<{ pid: number; text: string }[]>(sql);
        return row;
      });

    const [ours, theirs] = await Promise.all([look(acme), look(globex)]);

    expect([ours?.text, theirs?.text]).toEqual([acme.slug, globex.slug]);
    expect(ours?.pid).toBe(theirs?.pid);
  });

  it("finishes 32 transactions over 10 connections, each with one of another tenant and a central one inside", async () => {
    const Entry = defineEntity({
      name: "Entry",
      properties: { id: p.integer().primary().autoincrement(), text: p.string() },
    });
    await admin("create database central_entries");
    const central = { database: "central_entries", entities: [Entry] };
    const fleet = await start({ maxConnections: 10, maxWait: 8_000, central });
    const { db, tenancy, acme, globex } = fleet;
    const insert = (id: number) => ({ id, text: `${id}` });

    const results = await Promise.allSettled(
      Array.from({ length: 32 }, (_, id) =>
        tenancy.run(acme, () =>
          db.em().transactional(async (ours) => {
            await ours.insert(Note, insert(id));
            await tenancy.run(globex, () =>
              db.em().transactional(async (theirs) => {
                await theirs.insert(Note, insert(id));
                await db.central().transactional((em) => em.insert(Entry, { text: `${id}` }));
              }),
            );
          }),
        ),
      ),
    );

    const finished = results.filter(({ status }) => status === "fulfilled").length;
    expect(finished).toBeGreaterThan(0);
    for (const result of results) {
      if (result.status === "rejected") expect(result.reason).toMatchObject({ status: 503 });
    }
    for (const tenant of [acme, globex]) {
      expect(await tenancy.run(tenant, () => db.em().count(Note, {}))).toBe(finished);
    }
    expect(db.stats()[0]).toMatchObject({ leased: 0, waiting: 0 });
  }, 30_000);

  it("holds no connection while a response stays open and no query is under way", async () => {
    const limits = { maxConnections: 1, maxWait: 2_000 };
    const { db, tenancy, acme, globex } = await startReading(limits);
    let close = () => {};
    let begun = () => {};
    const open = new Promise<void>((resolve) => (begun = resolve));
    const response = tenancy.run(acme, async () => {
      await db.em().count(Note, {});
      begun();
      await new Promise<void>((resolve) => (close = resolve));
      return db.em().count(Note, {});
    });
    await open;

    const until = performance.now() + 60_000 * testScale() * 0.25;
    do {
      expect(db.stats()[0]).toMatchObject({ leased: 0 });
      expect(await tenancy.run(globex, () => db.em().count(Note, {}))).toBe(0);
      await sleep(50);
    } while (performance.now() < until);
    close();

    expect(await response).toBe(0);
  }, 90_000);

  function start(options: Parameters<typeof startFleet>[0] = {}): Promise<Fleet> {
    const { host, port, user, password, database } = own;
    return startFleet({ connection: { host, port, user, password, database }, ...options });
  }

  /** An application of the test's own for as many tenants, in whose databases it leaves what it found. */
  async function startReading(options: Parameters<typeof startFleet>[0] = {}, count = 2) {
    if (made.length < count) {
      await maker.db.start?.();
      for (let number = made.length; number < count; number++) {
        made.push(await maker.add(tenantRecord({ slug: `made-${number}` })));
      }
      await maker.db.close?.();
    }
    // Processes of the server go a moment after their connections, and these are the databases of tests before.
    const left = "select 1 from pg_stat_activity where datname like 't\\_%'";
    await vi.waitFor(async () => expect(await admin(left)).toEqual([]), 20_000);
    const tenants = made.slice(0, count);
    const [acme, globex] = tenants as [TenantRecord, TenantRecord];
    const { host, port, user, password, database } = own;
    const connection = { host, port, user, password, database };
    return { ...(await startWith(tenants, { connection, ...options })), acme, globex, tenants };
  }

  async function admin<Row extends object>(sql: string): Promise<Row[]> {
    const { host, port, user, password, database } = own;
    const client = new Client({ host, port, user, password, database });
    client.on("error", () => {});
    await client.connect();
    try {
      return (await client.query<Row>(sql)).rows;
    } finally {
      await client.end();
    }
  }

  async function backendsOf({ placement }: TenantRecord): Promise<number[]> {
    const sql = `select pid from pg_stat_activity where datname = '${placement?.name}'`;
    return (await admin<{ pid: number }>(sql)).map(({ pid }) => pid);
  }

  /** Counts the connections of tenants every 50 ms until it is called. */
  async function watchConnections(): Promise<() => Promise<readonly number[]>> {
    const { host, port, user, password, database } = own;
    const client = new Client({ host, port, user, password, database });
    await client.connect();
    const counts: number[] = [];
    const over = new AbortController();
    const watching = (async () => {
      while (!over.signal.aborted) {
        const sql = "select count(*)::int as n from pg_stat_activity where datname like 't\\_%'";
        counts.push((await client.query<{ n: number }>(sql)).rows[0]?.n ?? 0);
        await sleep(50);
      }
    })();
    return async () => {
      over.abort();
      await watching;
      await client.end();
      return counts;
    };
  }
});

async function tenantsOf(fleet: Fleet, count: number): Promise<TenantRecord[]> {
  const tenants = [fleet.acme, fleet.globex];
  for (let number = tenants.length; number < count; number++) {
    tenants.push(await fleet.add(tenantRecord({ slug: `tenant-${number}` })));
  }
  return tenants;
}

function sleep(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}
