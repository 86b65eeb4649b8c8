import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { createTenancy, memoryRegistry, type TenantMigrations } from "@af-tenancy/core";
import type { MigrationSource } from "@af-tenancy/database";
import { sqlite, sqliteStoreMigrations } from "@af-tenancy/sqlite";
import { acme, globex, type SqlMigration } from "@af-tenancy/testing";
import { Migration, Migrator } from "@mikro-orm/migrations";
import { MikroORM } from "@mikro-orm/sqlite";
import { expect, it, onTestFinished, vi } from "vitest";
import { Author, Note } from "./entities.ts";
import { hasten } from "./hasten.ts";
import { migrationOf } from "./migration-of.ts";
import { startWorker } from "./start-worker.ts";
import { temporaryFolder } from "./temporary-folder.ts";

const notes: SqlMigration = {
  name: "01_notes",
  up: ["create table note (id integer primary key, text varchar(100))"],
  down: ["drop table note"],
};

it("F070, F071: lets nobody at a file that another process migrates, and takes back what a kill cut off", async () => {
  const folder = temporaryFolder();
  const older = await start(folder, [notes].map(migrationOf));
  const [own, other] = [await add(older, acme()), await add(older, globex())];
  const forever =
    "insert into note (id) select max(i) from (with recursive n (i) as (select 1 union all select i + 1 from n) select i from n)";
  const slow = { name: "02_slow", up: ["create table slow (id integer)", forever], down: [] };
  const mended = { ...slow, up: slow.up.slice(0, 1) };
  const { migrations } = await start(folder, [notes, mended].map(migrationOf));
  const given = { folder, migrations: [notes, slow], tenant: own };
  const worker = startWorker("migrate-tenant", JSON.stringify(given));
  const journal = join(folder, `${own.placement.name}.sqlite-journal`);
  await vi.waitUntil(() => existsSync(journal), { timeout: 30_000, interval: 10 });
  hasten();

  await expect(migrations.run(own)).rejects.toMatchObject({ code: "MIGRATION_LOCKED" });
  expect((await migrations.run(other)).migrations).toHaveLength(1);
  await worker.kill();

  expect((await migrations.status(own)).pending).toEqual([mended.name]);
  expect((await migrations.run(own)).migrations).toHaveLength(1);
});

it("F073: touches no file that is another tenant's", async () => {
  const site = await start(temporaryFolder(), [notes].map(migrationOf));
  const [own, other] = [await add(site, acme()), await add(site, globex())];

  for (const direction of ["up", "down", "fresh"] as const) {
    const run = site.migrations.run({ ...own, placement: other.placement }, { direction });
    await expect(run).rejects.toMatchObject({ code: "DATABASE_MISMATCH" });
  }

  expect((await site.migrations.status(other)).applied).toHaveLength(1);
});

it("goes on where MikroORM's own migrator was, which then has nothing left to do", async () => {
  const folder = temporaryFolder();
  const own = await add(await start(folder, []), acme());
  const tags = { name: "02_tags", up: ["create table tag (id integer)"], down: [] };
  const list = [notes, tags].map(migrationOf);
  const dbName = join(folder, `${own.placement.name}.sqlite`);
  const upBy = async (migrationsList: typeof list) => {
    const migrations = { migrationsList: migrationsList as never, snapshot: false, silent: true };
    const orm = new MikroORM({
      dbName,
      entities: [Note, Author],
      extensions: [Migrator],
      migrations,
    });
    const done = await orm.migrator.up();
    await orm.close();
    return done.map(({ name }) => name);
  };

  expect(await upBy(list.slice(0, 1))).toEqual([notes.name]);
  const { migrations } = await (await start(folder, list)).migrations.run(own);

  expect(migrations.map(({ name }) => name)).toEqual([tags.name]);
  expect(await upBy(list)).toEqual([]);
});

it("runs migrations that are more than SQL for each tenant, in the same transaction", async () => {
  const folder = temporaryFolder();
  const older = await start(folder, [notes].map(migrationOf));
  const [own, other] = [await add(older, acme()), await add(older, globex())];
  const seen: unknown[] = [];
  class Counts extends Migration {
    override async up(): Promise<void> {
      await this.execute("insert into note (id, text) values (1, 'made')");
      seen.push(await this.getEntityManager().execute("select count(*) as n from note"));
      if (seen.length === 2) throw new Error("no more");
    }
  }
  const list = [migrationOf(notes), { name: "02_counts", class: Counts }];
  const { migrations } = await start(folder, list);

  const run = await migrations.run(own);
  const failing = migrations.run(other);

  expect(run.migrations).toMatchObject([{ name: "02_counts", sql: undefined }]);
  await expect(failing).rejects.toMatchObject({ code: "MIGRATION_FAILED", migration: "02_counts" });
  expect(seen).toEqual([[{ n: 1 }], [{ n: 1 }]]);
  expect((await migrations.status(other)).pending).toEqual(["02_counts"]);
  await expect(migrations.run(other)).resolves.toMatchObject({ migrations: [{}] });
});

it("refuses at start what are no migrations", async () => {
  const folder = temporaryFolder();
  const [empty, broken] = [join(folder, "empty"), join(folder, "broken")];
  const bare = join(folder, "bare");
  for (const one of [empty, broken, bare]) mkdirSync(one);
  writeFileSync(join(bare, "01_notes.sql"), "create table note (id integer)");
  writeFileSync(join(empty, "01_nothing.js"), "export const nothing = 1;");
  writeFileSync(join(broken, "01_broken.js"), "export const = ;");
  const twice = [notes, notes].map(migrationOf);

  const remote = new URL("https://example.com/migrations/");
  const lists = [twice, [{ name: "x" }], [migrationOf(notes), empty], [remote], [bare]];
  for (const source of [join(folder, "nowhere"), empty, broken, bare, remote, 7, ...lists]) {
    const starting = start(folder, source as MigrationSource);
    await expect(starting).rejects.toMatchObject({ code: "INVALID_CONFIGURATION" });
  }
});

it("takes an empty list, as long as there is no first migration: new tenants have no tables", async () => {
  const { migrations, ...site } = await start(temporaryFolder(), []);
  const own = await add({ migrations, ...site }, acme());

  expect(await migrations.status(own)).toMatchObject({ applied: [], pending: [] });
  expect(migrations.isBehind({ ...own, schemaVersion: undefined })).toBe(false);
});

it("takes a list with folders in it, and refuses a name that is in two of them", async () => {
  const folder = temporaryFolder();
  const [one, two] = [join(folder, "one"), join(folder, "two")];
  for (const [path, table] of [
    [one, "one"],
    [two, "two"],
  ] as const) {
    mkdirSync(path);
    writeFileSync(
      join(path, `01_${table}.js`),
      migrationText(`create table ${table} (id integer)`),
    );
  }
  const list = [one, migrationOf({ ...notes, name: "00_notes" }), pathToFileURL(`${two}/`)];
  const own = await add(await start(folder, list), acme());

  const { migrations } = await start(folder, list);
  expect((await migrations.status(own)).applied.map(({ name }) => name)).toEqual([
    ...["01_one", "00_notes", "01_two"],
  ]);
  await expect(start(folder, [...list, migrationOf({ ...notes, name: "01_two" })])).rejects.toThrow(
    '"01_two" twice',
  );
});

it("S027: refuses tables without a tenant column where tenants share tables", async () => {
  const folder = temporaryFolder();
  const options = { folder, entities: [Note, Author], migrations: sqliteStoreMigrations };
  const tenancy = createTenancy({
    registry: memoryRegistry(),
    databases: sqlite({ ...options, strategies: ["database", "row"] }),
  });
  onTestFinished(() => tenancy.close());

  await expect(tenancy.start()).rejects.toMatchObject({
    ...{ code: "INVALID_CONFIGURATION", key: "migrations" },
    message: expect.stringContaining('"cache"'),
  });
});

/** A file that exports a migration of one statement. */
function migrationText(sql: string): string {
  return `export class Made {
    up() {}
    getQueries() { return ["${sql}"]; }
    isTransactional() { return true; }
    setTransactionContext() {}
  }`;
}

async function start(folder: string, migrations: MigrationSource) {
  const databases = sqlite({ folder, entities: [Note, Author], migrations });
  const tenancy = createTenancy({ registry: memoryRegistry(), databases });
  await tenancy.start();
  onTestFinished(() => tenancy.close());
  return { databases, migrations: databases.migrations as TenantMigrations };
}

async function add(
  { databases }: Awaited<ReturnType<typeof start>>,
  record: ReturnType<typeof acme>,
) {
  const placement = databases.place(record.id, 1);
  const tenant = { ...record, placement };
  await databases.manager(placement).create({ tenantId: tenant.id, placement });
  await databases.migrate(tenant);
  return tenant;
}
