import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  unlinkSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { DatabaseOwnedError, type TenantDatabase } from "@af-tenancy/core";
import { sqlite } from "@af-tenancy/sqlite";
import { databaseManagerContract, testScale } from "@af-tenancy/testing";
import { MikroORM } from "@mikro-orm/sqlite";
import { expect, it } from "vitest";
import { Author, Note } from "./entities.ts";
import { startFleet } from "./fleet.ts";
import { openFiles } from "./open-files.ts";
import { startWorker } from "./start-worker.ts";
import { temporaryFolder } from "./temporary-folder.ts";

const folders = new WeakMap<object, string>();

databaseManagerContract("sqlite", {
  create() {
    const folder = temporaryFolder();
    const manager = sqlite({ folder, entities: [Note, Author] }).manager(placementOf("any"));
    folders.set(manager, folder);
    return manager;
  },
  place: placementOf,
  makeUnmarked: ({ placement }, manager) => {
    writeFileSync(join(folders.get(manager) ?? "", `${placement.name}.sqlite`), "");
  },
  dropUnmarked: ({ placement }, manager) => {
    unlinkSync(join(folders.get(manager) ?? "", `${placement.name}.sqlite`));
  },
  badNames: [".hidden", "-option", "a..b", "trailing.", ":memory:", "file:a", "a~b", "a:b"],
  leftOut: { rows: "isolation.test.ts writes rows through the entity manager" },
});

it("C038: takes names with single dots, and keeps them apart from names that begin alike", async () => {
  const { manager, folder } = makeManager();
  const [short, long] = [databaseNamed("a"), databaseNamed("a.b")];
  for (const database of [short, long]) await manager.create(database);

  await manager.drop(short);

  expect(filesIn(folder)).toEqual(["a.b.sqlite"]);
});

it("F063: makes names from ids, a UUID without its dashes and any other as it is", () => {
  const db = sqlite({ folder: temporaryFolder(), entities: [Note, Author] });

  expect(db.place("01920000-0000-7000-8000-00000000ac3e", 1).name).toBe(
    "t_0192000000007000800000000000ac3e_g1",
  );
  expect(db.place("a-b", 12).name).toBe("t_a-b_g12");
  expect(db.place("x".repeat(64), 1_000_000).name).toHaveLength(75);
  expect(() => db.place("a/b", 1)).toThrow();
  expect(db.place("a", 3, { name: "chosen" })).toMatchObject({ name: "chosen", generation: 3 });
  expect(() => db.place("a", 1, { driver: "mysql" })).toThrow("mysql");
  expect(() => db.place("a", 1, { strategy: "row" })).toThrow("row");
  expect(() => db.place("a", 1, { server: "eu" })).toThrow("eu");
});

it("leaves one file behind, and no handle to it", async () => {
  const { manager, folder } = makeManager();
  const database = databaseNamed("t_acme_g1");

  await Promise.all(Array.from({ length: 8 }, () => manager.create(database)));
  await manager.inspect(database);

  expect(filesIn(folder)).toEqual(["t_acme_g1.sqlite"]);
  expect(openFiles(folder)).toEqual([]);
});

it("puts nothing of the tenants that were made before into a new file", async () => {
  const { manager, folder } = makeManager();
  const former = "a-former-tenant-with-a-long-id";
  for (const tenantId of [former, "b"]) {
    await manager.create({ tenantId, placement: placementOf(tenantId) });
  }

  const found = [former, "b"].map((tenantId) => {
    const { name } = placementOf(tenantId);
    return readFileSync(join(folder, `${name}.sqlite`), "latin1");
  });

  expect(found.map((bytes) => bytes.includes("a-former-tenant"))).toEqual([true, false]);
});

it("removes what an interrupted creation left when it is repeated", async () => {
  const { manager, folder } = makeManager();
  mkdirSync(join(folder, ".drafts"));
  writeFileSync(join(folder, ".drafts", "t_acme_g1~crashed"), "half a file");
  writeFileSync(join(folder, ".drafts", "t_other_g1~working"), "somebody else's");

  await manager.create(databaseNamed("t_acme_g1"));

  expect(filesIn(folder)).toEqual([".drafts/t_other_g1~working", "t_acme_g1.sqlite"]);
});

it("F018: takes no name beside which a journal was left, as SQLite would play it into the new file", async () => {
  const { manager, folder } = makeManager();
  writeFileSync(join(folder, "t_acme_g1.sqlite-wal"), "old rows");

  await expect(manager.create(databaseNamed("t_acme_g1"))).rejects.toThrow(DatabaseOwnedError);

  await manager.drop(databaseNamed("t_acme_g1"));
  await manager.create(databaseNamed("t_acme_g1"));
  expect(filesIn(folder)).toEqual(["t_acme_g1.sqlite"]);
});

it("drops the file with everything that stands beside it", async () => {
  const { db, folder, acme, tenancy } = await startFleet({ journalMode: "wal" });
  await tenancy.run(acme, () => db.em().insert(Note, { id: 1, text: "in the log" }));
  const { placement } = acme;
  if (placement === undefined) return expect.unreachable();
  expect(existsSync(join(folder, `${placement.name}.sqlite-wal`))).toBe(true);

  await db.manager(placement).drop({ tenantId: acme.id, placement });

  expect(filesIn(folder).filter((file) => file.includes(placement.name))).toEqual([]);
});

it("counts the bytes of the file and of what stands beside it", async () => {
  const { db, folder, acme, tenancy } = await startFleet({ journalMode: "wal" });
  await tenancy.run(acme, () => db.em().insert(Note, { id: 1, text: "in the log" }));
  const { placement } = acme;
  if (placement === undefined) return expect.unreachable();

  const state = await db.manager(placement).inspect({ tenantId: acme.id, placement });

  const main = statSync(join(folder, `${placement.name}.sqlite`)).size;
  expect(state?.bytes).toBeGreaterThan(main);
});

it("never follows a link that stands in a file's place", async () => {
  const { manager, folder } = makeManager();
  const outside = join(temporaryFolder(), "outside");
  symlinkSync(outside, join(folder, "t_acme_g1.sqlite"));

  await expect(manager.create(databaseNamed("t_acme_g1"))).rejects.toMatchObject({
    code: "DATABASE_OWNED",
  });

  expect(existsSync(outside)).toBe(false);
});

it("F051: a later run finishes what a killed one left, wherever it was", {
  timeout: 60_000,
}, async () => {
  const folder = temporaryFolder();
  const db = sqlite({ folder, entities: [Note, Author] });

  for (const round of testScale() < 1 ? [0, 2, 5, 7] : [0, 1, 2, 3, 4, 5, 6, 7]) {
    const worker = startWorker("create-tenants", folder, "100000");
    await new Promise((resolve) => worker.process.stdout?.once("data", resolve));
    await new Promise((resolve) => setTimeout(resolve, 5 + 7 * round));
    const acknowledged = await worker.kill();

    for (const line of acknowledged) {
      const [what, id = ""] = line.split(" ");
      const placement = db.place(id, 1);
      const state = await db.manager(placement).inspect({ tenantId: id, placement });
      expect(state?.owner).toEqual({ tenantId: id, generation: 1 });
      if (what === "migrated") await db.verify(tenantOf(id, placement));
    }
    const last = new Set(acknowledged.map((line) => line.split(" ")[1])).size;
    for (let number = Math.max(0, last - 3); number < last + 3; number++) {
      const id = `tenant-${number}`;
      const placement = db.place(id, 1);
      await db.manager(placement).create({ tenantId: id, placement });
      await db.migrate(tenantOf(id, placement));
      await db.verify(tenantOf(id, placement));
    }
    for (const file of readdirSync(folder)) {
      const id = /^t_(.*)_g1\.sqlite$/.exec(file)?.[1];
      if (id === undefined) continue;
      const placement = db.place(id, 1);
      await db.manager(placement).drop({ tenantId: id, placement });
    }
    expect(filesIn(folder)).toEqual([]);
  }
  await db.close?.();
  await db.start?.();
});

it("is a database that other tools can read", async () => {
  const { acme, folder, db } = await startFleet();
  await db.close?.();
  await db.start?.();
  const orm = new MikroORM({
    dbName: join(folder, `${acme.placement?.name}.sqlite`),
    entities: [],
    discovery: { warnWhenNoEntities: false },
  });

  const rows = await orm.em.fork().execute("select tenant_id, generation from _tenancy_owner");

  await orm.close();
  expect(rows).toEqual([{ tenant_id: acme.id, generation: 1 }]);
});

function makeManager() {
  const folder = temporaryFolder();
  const db = sqlite({ folder, entities: [Note, Author] });
  return { folder, manager: db.manager(placementOf("any")) };
}

function placementOf(tenantId: string, generation = 1) {
  return sqlite({ folder: "unused", entities: [Note, Author] }).place(tenantId, generation);
}

function databaseNamed(name: string): TenantDatabase {
  return { tenantId: "acme", placement: { ...placementOf("acme"), name } };
}

function tenantOf(id: string, placement: TenantDatabase["placement"]) {
  return { id, slug: id, status: "provisioning", version: 1, placement } as const;
}

/** The tenants' files and what was begun of others. */
function filesIn(folder: string): readonly string[] {
  const entries = readdirSync(folder, { recursive: true, encoding: "utf8" });
  return entries.filter((entry) => entry !== ".drafts").sort();
}
