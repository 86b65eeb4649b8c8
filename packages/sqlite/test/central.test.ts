import { existsSync } from "node:fs";
import { join } from "node:path";
import {
  ConfigurationError,
  createTenancy,
  memoryStore,
  TenantMismatchError,
} from "@af-tenancy/core";
import {
  ConnectionHeldError,
  DatabaseMismatchError,
  SchemaOutdatedError,
} from "@af-tenancy/database";
import { sqlite } from "@af-tenancy/sqlite";
import { defineEntity, p } from "@mikro-orm/sqlite";
import { expect, it, onTestFinished } from "vitest";
import { Author, Note } from "./entities.ts";
import { startFleet } from "./fleet.ts";
import { temporaryFolder } from "./temporary-folder.ts";

const plan = () =>
  defineEntity({ name: "Plan", properties: { id: p.integer().primary(), name: p.string() } });

it("S026: gives the one central database from anywhere, and never a tenant's", async () => {
  const { db, Plan, tenancy, acme, globex } = await start();
  await db.central().insert(Plan, { id: 1, name: "free" });

  const seen = [
    await db.central().findOneOrFail(Plan, 1),
    await tenancy.central(() => db.central().findOneOrFail(Plan, 1)),
    await tenancy.run(acme, () => db.central().findOneOrFail(Plan, 1)),
    await tenancy.run(globex, () => db.central().findOneOrFail(Plan, 1)),
  ];

  expect(seen.map(({ name }) => name)).toEqual(["free", "free", "free", "free"]);
  expect(new Set(seen).size).toBe(4);
  const tables = await tenancy.run(acme, () => db.em().execute("select name from sqlite_master"));
  expect(JSON.stringify(tables)).not.toContain("plan");
  await expect(db.central().execute("select * from note")).rejects.toThrow("no such table");
});

it("S026: keeps tenants' entities out of it, and its own out of tenants", async () => {
  const { db, Plan, tenancy, acme } = await start();
  const foreign = await tenancy.run(acme, async () => {
    await db.em().insert(Note, { id: 1, text: "acme" });
    return db.em().findOneOrFail(Note, 1);
  });
  await db.central().insert(Plan, { id: 1, name: "free" });
  const own = await db.central().findOneOrFail(Plan, 1);

  await expect(async () => db.central().persist(foreign).flush()).rejects.toThrow(
    TenantMismatchError,
  );
  const used = tenancy.run(acme, async () => db.em().persist(own).flush());
  await expect(used).rejects.toThrow(TenantMismatchError);
});

it("F014: joins no transaction around it, and hides none", async () => {
  const { db, Plan, tenancy, acme } = await start();

  await tenancy.run(acme, async () => {
    const undone = db.em().transactional(async (em) => {
      await em.insert(Note, { id: 1, text: "undone" });
      await db.central().transactional(async (central) => {
        await central.insert(Plan, { id: 1, name: "kept" });
        expect(db.em()).toBe(em);
        expect(await db.em().count(Note)).toBe(1);
        expect(db.central().isInTransaction()).toBe(false);
        await expect(db.central().count(Plan)).rejects.toThrow(ConnectionHeldError);
      });
      throw new RangeError("on purpose");
    });
    await expect(undone).rejects.toThrow("on purpose");
    expect(await db.em().count(Note)).toBe(0);
  });

  expect(await db.central().count(Plan)).toBe(1);
});

it("is there again after a restart, and its tables are made once", async () => {
  const Plan = plan();
  const file = join(temporaryFolder(), "not", "there", "app.sqlite");
  const open = async (entity: ReturnType<typeof plan>) => {
    const db = sqlite({
      folder: temporaryFolder(),
      entities: [defineEntity({ name: "Memo", properties: { id: p.integer().primary() } })],
      central: { file, entities: [entity] },
    });
    const tenancy = createTenancy({ store: memoryStore([]), databases: db });
    expect(existsSync(file)).toBe(entity !== Plan);
    await tenancy.start();
    onTestFinished(() => tenancy.close());
    return { db, tenancy };
  };
  const first = await open(Plan);
  await first.db.central().insert(Plan, { id: 1, name: "free" });
  await first.tenancy.close();

  const Again = plan();
  const second = await open(Again);

  expect(await second.db.central().count(Again)).toBe(1);
});

it("refuses to start where some of its tables are missing", async () => {
  const { db, Plan, centralFile } = await start();
  await db.central().insert(Plan, { id: 1, name: "free" });
  const More = defineEntity({ name: "More", properties: { id: p.integer().primary() } });
  const later = sqlite({
    folder: temporaryFolder(),
    entities: [defineEntity({ name: "Memo", properties: { id: p.integer().primary() } })],
    central: { file: centralFile, entities: [plan(), More] },
  });
  const tenancy = createTenancy({ store: memoryStore([]), databases: later });
  onTestFinished(() => tenancy.close());

  await expect(tenancy.start()).rejects.toThrow(SchemaOutdatedError);
});

it("C023: is no tenant's database", async () => {
  const { folder, acme } = await startFleet();
  const db = sqlite({
    folder,
    entities: [defineEntity({ name: "Memo", properties: { id: p.integer().primary() } })],
    central: { file: join(folder, `${acme.placement?.name}.sqlite`), entities: [plan()] },
  });
  const tenancy = createTenancy({ store: memoryStore([]), databases: db });
  onTestFinished(() => tenancy.close());

  await expect(tenancy.start()).rejects.toThrow(DatabaseMismatchError);
});

it.each([
  ["no entities", [], "central.entities"],
  ["a tenant's entity", [Author], "central.entities"],
])("refuses %s", (_, entities, key) => {
  const make = () =>
    sqlite({
      folder: "unused",
      entities: [Note, Author],
      central: { file: "unused.sqlite", entities },
    });

  expect(make).toThrow(ConfigurationError);
  expect(make).toThrow(`"${key}"`);
});

it("says what to do where none is configured", async () => {
  const { db } = await startFleet();

  expect(() => db.central()).toThrow("sqlite({ central: { file, entities } })");
});

async function start() {
  const Plan = plan();
  const centralFile = join(temporaryFolder(), "app.sqlite");
  const fleet = await startFleet({
    maxWait: 600_000,
    central: { file: centralFile, entities: [Plan] },
  });
  return { ...fleet, Plan, centralFile };
}
