import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { setTimeout } from "node:timers/promises";
import { cacheBootstrapper } from "@af-tenancy/bootstrappers/cache";
import { applicationCaches, memoryCache } from "@af-tenancy/cache";
import type { TenantRecord } from "@af-tenancy/core";
import { cacheTables, databaseCache } from "@af-tenancy/database";
import { type SqliteOptions, sqlite, sqliteStoreMigrations } from "@af-tenancy/sqlite";
import { expect, it } from "vitest";
import { Note } from "./entities.ts";
import { startFleet } from "./fleet.ts";
import { temporaryFolder } from "./temporary-folder.ts";

it("C066 C067 C068: values and locks are in each tenant's file, keys as they were given, the global ones in the central file", async () => {
  const { acme, globex, run, rows, tenantCache, globalCache } = await start();

  for (const tenant of [acme, globex]) {
    await run(tenant, async () => {
      await tenantCache("reports").set("2026/*", tenant.slug);
      await tenantCache("reports").lock("2026/*").acquire();
      await tenantCache().set("elsewhere", 1);
    });
  }
  await globalCache("reports").set("2026/*", "everybody's");
  await globalCache("reports").lock("central").acquire();

  for (const [file, slug, lock] of [
    [acme, "acme", "lock:2026/*"],
    [globex, "globex", "lock:2026/*"],
    ["central", "everybody's", "lock:central"],
  ] as const) {
    const { cache, locks } = rows(file);
    expect(cache.map(({ key }) => key)).toEqual(["2026/*"]);
    expect(cache[0]?.value).toContain(`"${slug}"`);
    expect(locks.filter(({ key }) => key.startsWith("lock:")).map(({ key }) => key)).toEqual([
      lock,
    ]);
  }
  await run(acme, () => tenantCache("reports").clear());
  expect([
    rows(acme).cache.length,
    rows(globex).cache.length,
    rows("central").cache.length,
  ]).toEqual([0, 1, 1]);
  expect(await run(globex, () => tenantCache("reports").get("2026/*"))).toBe("globex");
});

it("lives in the tables of the store migrations as well", async () => {
  const { acme, globex, run, rows, tenantCache } = await start({
    migrations: [...sqliteStoreMigrations],
    entities: [...cacheTables()],
  });

  for (const tenant of [acme, globex]) {
    await run(tenant, () => tenantCache("reports").set("menu", tenant.slug));
  }

  expect(rows(acme).cache).toHaveLength(1);
  expect(await run(acme, () => tenantCache("reports").get("menu"))).toBe("acme");
});

it("is a part of the tenant's transaction, in which there are no locks", async () => {
  const { db, acme, run, tenantCache } = await start();

  await run(acme, async () => {
    const cache = tenantCache("reports");
    await cache.set("menu", "before");
    const lock = cache.lock("report");
    const work = db.em().transactional(async () => {
      await cache.set("menu", "inside");
      expect(await cache.get("menu")).toBe("inside");
      await expect(lock.acquire()).rejects.toMatchObject({ code: "INVALID_INPUT" });
      throw new RangeError("taken back");
    });
    await expect(work).rejects.toThrow("taken back");
    expect(await cache.get("menu")).toBe("before");
    expect(await lock.acquire()).toBe(true);
  });
});

it("frees rows whose time is over, though each stay writes only once", async () => {
  const { acme, globex, run, rows, tenantCache } = await start();
  const write = (tenant: TenantRecord, key: string, ttl: number) =>
    run(tenant, () => tenantCache("reports").set(key, tenant.slug, { ttl }));
  for (const tenant of [acme, globex]) await write(tenant, "old", 1);
  await setTimeout(5);

  for (let stays = 0; stays < 200; stays++) {
    await write(stays % 2 === 0 ? acme : globex, "new", 60_000);
  }

  for (const tenant of [acme, globex]) {
    expect(rows(tenant).cache.map(({ key }) => key)).toEqual(["new"]);
  }
});

it("F098: believes nothing that was copied from another tenant's file", async () => {
  const { acme, globex, run, rows, tenantCache, fileOf } = await start();
  await run(acme, async () => {
    await tenantCache("reports").tags("a").set("menu", "acme's");
  });
  await run(globex, async () => tenantCache("reports").get("menu"));
  const [from, to] = [new DatabaseSync(fileOf(acme)), new DatabaseSync(fileOf(globex))];
  for (const table of ["cache", "cache_locks"]) {
    for (const row of from.prepare(`select * from ${table}`).all()) {
      const marks = Object.keys(row).map(() => "?");
      to.prepare(`insert into ${table} values (${marks})`).run(...Object.values(row));
    }
  }
  from.close();
  to.close();
  expect(rows(globex).cache).toHaveLength(1);

  await run(globex, async () => {
    expect(await tenantCache("reports").get("menu")).toBeUndefined();
    expect(await tenantCache("reports").getOrSet("menu", () => "globex's")).toBe("globex's");
    expect(await tenantCache("reports").get("menu")).toBe("globex's");
  });
});

it("keeps nothing for a tenant that may only be read, and serves what is there", async () => {
  const { acme, run, tenantCache } = await start();
  await run(acme, () => tenantCache("reports").set("menu", "soup"));
  const reading: TenantRecord = { ...acme, access: "read-only" };

  await run(reading, async () => {
    const cache = tenantCache("reports");
    expect(await cache.get("menu")).toBe("soup");
    expect(await cache.set("menu", "bread")).toBe(false);
    expect(await cache.getOrSet("other", () => "made")).toBe("made");
    await expect(cache.clear()).rejects.toMatchObject({ code: "CACHE_UNAVAILABLE" });
  });
});

it("refuses two stores in the same databases, and databases without the tables", async () => {
  const folder = temporaryFolder();
  const db = sqlite({ folder, entities: [Note] });
  const stores = { default: databaseCache(db), other: databaseCache(db) };
  const wrong = { code: "INVALID_CONFIGURATION" };
  expect(() => applicationCaches({ stores })).toThrow(expect.objectContaining(wrong));
  expect(() => databaseCache({} as never)).toThrow(expect.objectContaining(wrong));

  const { acme, run, tenantCache } = await start({ entities: [Note] });
  await expect(run(acme, () => tenantCache("reports").get("a"))).rejects.toMatchObject(wrong);
});

async function start(options: Partial<SqliteOptions> = {}) {
  const folder = temporaryFolder();
  const central = join(folder, "app.sqlite");
  const db = sqlite({
    folder: join(folder, "tenants"),
    entities: [Note, ...cacheTables()],
    central: { file: central, entities: [...cacheTables()] },
    ...options,
  });
  const caches = applicationCaches({
    stores: { default: memoryCache(), reports: databaseCache(db) },
  });
  const fleet = await startFleet({ databases: db, bootstrappers: [cacheBootstrapper(caches)] });
  const fileOf = ({ placement }: TenantRecord) =>
    join(folder, "tenants", `${placement?.name}.sqlite`);
  return {
    ...fleet,
    ...caches,
    db,
    fileOf,
    run: <R>(tenant: TenantRecord, work: () => Promise<R>) => fleet.tenancy.run(tenant, work),
    tenantCache: caches.tenantCache,
    globalCache: caches.globalCache,
    /** What is in a tenant's file, or in the central one. */
    rows(tenant: TenantRecord | "central") {
      const file = new DatabaseSync(tenant === "central" ? central : fileOf(tenant));
      const read = (table: string) =>
        file.prepare(`select * from ${table} order by key`).all() as {
          readonly key: string;
          readonly value?: string;
        }[];
      const [cache, locks] = [read("cache"), read("cache_locks")];
      file.close();
      return { cache, locks };
    },
  };
}
