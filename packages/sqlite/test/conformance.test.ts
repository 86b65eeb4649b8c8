import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import {
  ConfigurationError,
  DatabaseOwnedError,
  type Placement,
  type TenantRecord,
} from "@af-tenancy/core";
import { DatabaseMismatchError } from "@af-tenancy/database";
import { sqlite, sqliteRegistry } from "@af-tenancy/sqlite";
import { defineEntity, p } from "@mikro-orm/sqlite";
import { expect, it } from "vitest";
import { Author, Note } from "./entities.ts";
import { startFleet } from "./fleet.ts";
import { openFiles } from "./open-files.ts";
import { temporaryFolder } from "./temporary-folder.ts";

it("C021: leaves no tenant file open, and none that was asked for before, once it is closed", async () => {
  const { db, tenancy, acme, globex, folder } = await startFleet();
  for (const tenant of [acme, globex]) await tenancy.run(tenant, () => db.em().count(Note));
  const before = openFiles(folder).length;

  await db.close?.();

  await db.start?.();

  expect(before).toBe(2);
  expect(openFiles(folder)).toEqual([]);
  expect(() => db.em()).toThrow("needs a tenant");
});

it("C022: is where it was after commands over all tenants, from central and from inside one", async () => {
  const { db, tenancy, acme, globex } = await startFleet();
  const sweep = () =>
    tenancy.runForEach([acme, globex], async (tenant) => {
      await db.migrate(tenant);
      await db.em().insert(Note, { id: Number(await db.em().count(Note)) + 1, text: tenant.slug });
    });

  await tenancy.central(sweep);
  expect(() => db.em()).toThrow("needs a tenant");
  await tenancy.run(acme, async () => {
    const before = db.em();
    await sweep();
    expect(db.em()).toBe(before);
    expect((await db.em().findAll(Note)).map(({ text }) => text)).toEqual(["acme", "acme"]);
  });
});

it.each([
  ["the application's central database", "app"],
  ["the registry", "registry"],
])("C023: neither makes nor opens a tenant's data in %s", async (_, name) => {
  const folder = temporaryFolder();
  const Plan = defineEntity({ name: "Plan", properties: { id: p.integer().primary() } });
  const { db, tenancy, acme } = await startFleet({
    folder,
    central: { file: join(folder, "app.sqlite"), entities: [Plan] },
  });
  const registry = sqliteRegistry({ file: join(folder, "registry.sqlite") });
  await registry.start?.();
  await registry.close?.();
  const placement: Placement = db.place("mallory", 1, { name });
  const mallory: TenantRecord = { ...acme, id: "mallory", placement };

  await expect(db.manager(placement).create({ tenantId: "mallory", placement })).rejects.toThrow(
    DatabaseOwnedError,
  );
  const opened = tenancy.run(mallory, async () => db.em().execute("select 1"));
  await expect(opened).rejects.toThrow(DatabaseMismatchError);
  await expect(db.migrate(mallory)).rejects.toThrow(DatabaseMismatchError);
  expect(() => db.em()).toThrow("needs a tenant");
  expect(await db.central().count(Plan)).toBe(0);
});

it("C024: neither makes nor opens a tenant's data in another tenant's file", async () => {
  const { db, tenancy, acme, globex } = await startFleet();
  const placement = globex.placement as Placement;

  const opened = tenancy.run({ ...acme, placement }, async () => db.em().findAll(Note));

  await expect(opened).rejects.toThrow(DatabaseMismatchError);
  await expect(db.manager(placement).create({ tenantId: acme.id, placement })).rejects.toThrow(
    DatabaseOwnedError,
  );
  expect(await tenancy.run(globex, () => db.em().count(Note))).toBe(0);
});

it.each(["", ".", "..", "a..b", "../a", "folder/a", "/etc/passwd", "a\\b"])(
  "C038: takes no name %j, neither to place nor to make, open or drop",
  async (name) => {
    const { db, tenancy, acme } = await startFleet();
    const placement = { ...(acme.placement as Placement), name };
    const database = { tenantId: acme.id, placement };

    expect(() => db.place("new", 1, { name })).toThrow("placement.name");
    await expect(db.manager(placement).create(database)).rejects.toThrow("placement.name");
    await expect(db.manager(placement).drop(database)).rejects.toThrow("placement.name");
    const opened = tenancy.run({ ...acme, placement }, async () => db.em().execute("select 1"));
    await expect(opened).rejects.toThrow("placement.name");
  },
);

it("C039: makes and opens files in the configured folder, and nowhere else", async () => {
  const folder = join(temporaryFolder(), "a", "b");
  const { db, tenancy, acme, globex } = await startFleet({ folder });

  await tenancy.run(acme, () => db.em().insert(Note, { id: 1, text: "acme" }));

  const made = [acme, globex].map(({ placement }) => `${placement?.name}.sqlite`);
  expect(readdirSync(folder, { recursive: true }).sort()).toEqual([".drafts", ...made.sort()]);
  expect(openFiles(folder)).toContain(`${acme.placement?.name}.sqlite`);
});

it.each([":memory:", "file:tenants?mode=memory", "file::memory:", "a\0:memory:"])(
  "C040: takes %j for no folder, no file and no name",
  (name) => {
    const entities = [Note, Author];
    const central = { file: name, entities: [] };

    expect(() => sqlite({ folder: name, entities })).toThrow(ConfigurationError);
    expect(() => sqlite({ folder: "unused", entities, central })).toThrow(ConfigurationError);
    expect(() => sqliteRegistry({ file: name })).toThrow(ConfigurationError);
    const db = sqlite({ folder: temporaryFolder(), entities });
    expect(() => db.place("new", 1, { name })).toThrow("placement.name");
  },
);

it("C040: takes a folder that only looks like a database in memory for a folder", async () => {
  const folder = join(temporaryFolder(), ":memory:x");
  const { acme } = await startFleet({ folder });

  expect(existsSync(join(folder, `${acme.placement?.name}.sqlite`))).toBe(true);
});
