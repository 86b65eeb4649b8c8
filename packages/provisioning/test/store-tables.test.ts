import { createTenancy, type TenantRecord } from "@af-tenancy/core";
import type { MigrationSource, MikroOrmDatabases } from "@af-tenancy/database";
import { mysqlStoreMigrations } from "@af-tenancy/mysql";
import { postgresqlStoreMigrations } from "@af-tenancy/postgresql";
import { sqliteStoreMigrations } from "@af-tenancy/sqlite";
import { describe, expect, it } from "vitest";
import { provisioning } from "../src/index.ts";
import { locationOf, siteIn, withSite } from "./crash/engine.ts";
import { onMariadb } from "./crash/mariadb-engine.ts";
import { onPostgresql } from "./crash/postgresql-engine.ts";
import { whyNot } from "./crash/why-not.ts";

const engines = [
  {
    engine: "sqlite",
    migrations: sqliteStoreMigrations,
    key: "key",
    indexes: "select name from sqlite_master where type = 'index'",
  },
  ...(["postgresql", "postgresql-schema"] as const).map((engine) => ({
    engine,
    migrations: postgresqlStoreMigrations,
    key: "key",
    indexes: "select indexname as name from pg_indexes where schemaname = current_schema()",
  })),
  {
    engine: "mariadb",
    migrations: mysqlStoreMigrations,
    key: "`key`",
    indexes:
      "select index_name as name from information_schema.statistics where table_schema = database()",
  },
] as const;
const missing: Readonly<Record<string, string | undefined>> = {
  postgresql: await whyNot(() => onPostgresql("select 1")),
  mariadb: await whyNot(() => onMariadb("select 1")),
};

describe.each(engines)("the tables of a tenant's own cache and sessions on $engine", (on) => {
  const { engine, migrations, key, indexes } = on;
  const why = missing[engine.split("-")[0] ?? ""];
  const title = why === undefined ? "" : ` (skipped: ${why})`;

  it.skipIf(why)(
    `S027: are there after tenants.create, and the doctor finds one that is missing${title}`,
    () =>
      withSite(engine, async (folder) => {
        const { tenancy, db, query } = await start(folder, [...migrations, notes]);
        const acme = await tenancy.tenants.create({ slug: "acme" });
        const globex = await tenancy.tenants.create({ slug: "globex" });

        const insert = (name: string) =>
          query(acme, `insert into cache (${key}, value) values ('${name}', '{}')`);
        // A store may use any key: none of these is another one.
        for (const name of ["a", "A", "á", "a "]) await insert(name);
        await query(
          acme,
          `insert into cache_locks (${key}, owner, expires_at) values ('a', 'me', 9007199254740991)`,
        );
        await query(
          acme,
          `insert into sessions (id, payload, last_activity_at, expires_at) values ('s1', '{}', 1, 9007199254740991)`,
        );

        await expect(insert("a")).rejects.toMatchObject({
          name: "UniqueConstraintViolationException",
        });
        const [found] = await query(acme, `select count(*) as n from cache where ${key} = 'A'`);
        expect(Number(found?.n)).toBe(1);
        for (const table of tables) {
          const [own] = await query(acme, `select count(*) as n from ${table}`);
          const [others] = await query(globex, `select count(*) as n from ${table}`);
          expect([table, Number(own?.n) > 0, Number(others?.n)]).toEqual([table, true, 0]);
        }
        const names = (await query(acme, indexes)).map(({ name }) => name);
        expect(names).toEqual(expect.arrayContaining(expectedIndexes));
        expect(await foundBy(db)).toEqual([]);

        // Whoever is signed in at a tenant is not at its clone.
        await query(acme, "insert into note (id, text) values (1, 'kept')");
        const clone = await tenancy.tenants.clone(acme.id, { slug: "clone" });
        for (const [table, n] of [["note", 1], ...tables.map((name) => [name, 0])]) {
          const [row] = await query(clone, `select count(*) as n from ${table}`);
          expect([table, Number(row?.n)]).toEqual([table, n]);
        }
        const [left] = await query(acme, "select count(*) as n from sessions");
        expect(Number(left?.n)).toBe(1);

        for (const table of ["cache_locks", "sessions"]) await query(acme, `drop table ${table}`);

        const { strategy, name } = acme.placement ?? {};
        const subject = `${strategy} "${name}"`;
        expect(await foundBy(db)).toEqual([
          ["doctor/missing-table", subject, expect.stringContaining('no table "cache_locks"')],
          ["doctor/missing-table", subject, expect.stringContaining('no table "sessions"')],
        ]);

        const plan = await db.migrations?.run(acme, { direction: "fresh", dryRun: true });
        const statements = plan?.migrations.flatMap(({ sql }) => sql ?? []) ?? [];
        for (const sql of statements) {
          if (/\b(cache_locks|sessions)\b/.test(sql)) await query(acme, sql);
        }
        expect(await foundBy(db)).toEqual([]);
        await tenancy.close();
      }),
  );
});

// What brings them there is the same with every driver whose DDL is transactional.
describe.each(engines.filter(({ engine }) => !engine.startsWith("postgresql")))(
  "the tables of a tenant's own cache and sessions on $engine",
  ({ engine, migrations }) => {
    const why = missing[engine];

    it.skipIf(why)(
      `S027: come to tenants that are older than they${why ? ` (skipped: ${why})` : ""}`,
      () =>
        withSite(engine, async (folder) => {
          const before = await start(folder, [notes]);
          const acme = await before.tenancy.tenants.create({ slug: "acme" });
          await before.tenancy.close();
          const { tenancy, db } = await start(folder, [...migrations, notes]);

          expect((await foundBy(db)).map(([check]) => check)).toEqual(
            tables.map(() => "doctor/missing-table"),
          );
          const { id } = await tenancy.tenants.migrations.begin();
          await tenancy.tenants.migrations.run(id);

          expect(await foundBy(db)).toEqual([]);
          expect((await db.migrations?.status(acme))?.pending).toEqual([]);
          await tenancy.close();
        }),
    );
  },
);

const tables = ["cache", "cache_locks", "sessions"];

const expectedIndexes = [
  ...["cache_expires_at_index", "cache_locks_expires_at_index"],
  ...["sessions_expires_at_index", "sessions_last_activity_at_index"],
];

/** Makes the table of the site's notes. */
const notes = {
  name: "0003_notes",
  class: class {
    up(): void {}
    down(): void {}
    isTransactional(): boolean {
      return true;
    }
    getQueries(): string[] {
      return ["create table note (id integer not null primary key, text varchar(255) not null)"];
    }
    setTransactionContext(): void {}
  },
};

async function start(folder: string, migrations: MigrationSource) {
  const site = siteIn(folder);
  const db = site.databases(undefined, undefined, migrations);
  const { tag } = locationOf(folder);
  let ids = 0;
  const generateId = () => `${tag}n${++ids}`;
  const parts = { registry: site.registry(), databases: db };
  const tenancy = createTenancy({ ...parts, provisioning: provisioning({ generateId }) });
  await tenancy.start();
  const query = (tenant: TenantRecord, sql: string) =>
    tenancy.run(tenant, () => db.em().execute<{ n?: unknown; name?: string }[]>(sql));
  return { tenancy, db, query };
}

/** What the doctor finds of databases, whatever else is wrong with the server. */
async function foundBy(db: MikroOrmDatabases) {
  const findings = await db.doctor();
  return findings
    .filter(({ check }) => check.startsWith("doctor/"))
    .map(({ check, subject, message }) => [check, subject, message]);
}
