import { join } from "node:path";
import { createTenancy, memoryRegistry, type TenantMigrations } from "@af-tenancy/core";
import { type NamedMigration, statement } from "@af-tenancy/database";
import { sqlite } from "@af-tenancy/sqlite";
import { acme, globex, type SqlMigration } from "@af-tenancy/testing";
import { expect, it, onTestFinished } from "vitest";
import { SqliteFileConnection } from "../src/sqlite-file-connection.ts";
import { sqliteFiles } from "../src/sqlite-files.ts";
import { Note } from "./entities.ts";
import { migrationOf } from "./migration-of.ts";
import { temporaryFolder } from "./temporary-folder.ts";

const migrations: readonly SqlMigration[] = [
  { name: "01_notes", up: ["create table note (id integer primary key) -- the first"], down: [] },
  { name: "02_tags", up: ["create table tag (id integer)"], down: [] },
  { name: "03_first", up: ["insert into note (id) values (1);"], down: [] },
];

it("gives the second tenant in one go what was quick at the first, and remembers each in order", async () => {
  const { own, other, migrations: migrating } = await twoTenants();

  const first = await migrating.run(own);
  const second = await migrating.run(other);

  const names = migrations.map(({ name }) => name);
  expect(first.migrations.map(({ name }) => name)).toEqual(names);
  expect(second.migrations.map(({ name }) => name)).toEqual(names);
  expect(second.after).toBe(first.after);
  const shares = new Set(second.migrations.map(({ milliseconds }) => milliseconds));
  expect(shares.size).toBe(1);
  const { applied, pending } = await migrating.status(other);
  expect(applied.map(({ name }) => name)).toEqual(names);
  expect(pending).toEqual([]);
  expect((await migrating.run(other)).migrations).toEqual([]);
});

it("F069: says which of several failed, leaves nothing of any, and goes on when it is mended", async () => {
  const { folder, own, other, migrations: migrating } = await twoTenants();
  await migrating.run(own);
  const file = sqliteFiles().open(join(folder, `${other.placement.name}.sqlite`), {
    mustExist: true,
  });
  onTestFinished(() => file.close());
  file.exec("create table tag (id integer)");

  const failing = migrating.run(other);

  await expect(failing).rejects.toMatchObject({
    ...{ code: "MIGRATION_FAILED", migration: "02_tags" },
    sql: "create table tag (id integer)",
  });
  expect(await migrating.status(other)).toMatchObject({ applied: [], dirty: undefined });
  const tables = file.prepare("select name from sqlite_schema where name = 'note'").all([]);
  expect(tables).toEqual([]);
  file.exec("drop table tag");
  expect((await migrating.run(other)).migrations).toHaveLength(3);
});

it("lets several statements in one go reach no other file, and write nothing where nothing may be written", async () => {
  const connection = new SqliteFileConnection(
    sqliteFiles().openInMemory(),
    { check: refuseAttach, tooLate: (milliseconds) => new RangeError(`${milliseconds} ms`) },
    undefined,
  );
  const readOnly = connection.readOnly(() => new RangeError("read only"));
  await connection.command("begin immediate");

  const attaching = connection.runAll(["create table tag (id integer)", "attach ':memory:' as o"]);
  const writing = readOnly.runAll(["create table note (id integer)"]);

  await expect(attaching).rejects.toThrow("no attach");
  await expect(writing).rejects.toThrow("read only");
  const tables = "select name from sqlite_schema";
  expect((await connection.executeQuery(statement(tables))).rows).toEqual([{ name: "tag" }]);
});

function refuseAttach(sql: string): void {
  if (sql.startsWith("attach")) throw new RangeError("no attach");
}

/** Two tenants whose files were made before there were migrations. */
async function twoTenants() {
  const folder = temporaryFolder();
  const maker = start(folder, []);
  const add = async (record: ReturnType<typeof acme>) => {
    const placement = maker.place(record.id, 1);
    await maker.manager(placement).create({ tenantId: record.id, placement });
    return { ...record, placement };
  };
  const [own, other] = [await add(acme()), await add(globex())];
  const databases = start(folder, migrations.map(migrationOf));
  const tenancy = createTenancy({ registry: memoryRegistry(), databases });
  await tenancy.start();
  onTestFinished(() => tenancy.close());
  return { folder, own, other, migrations: databases.migrations as TenantMigrations };
}

function start(folder: string, list: readonly NamedMigration[]) {
  return sqlite({ folder, entities: [Note], migrations: list });
}
