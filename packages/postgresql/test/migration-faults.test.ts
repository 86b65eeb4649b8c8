import { randomUUID } from "node:crypto";
import type { PlacementStrategy, TenantMigrations, TenantRecord } from "@af-tenancy/core";
import { createTenancy, memoryRegistry } from "@af-tenancy/core";
import { postgresql } from "@af-tenancy/postgresql";
import { type SqlMigration, tenantRecord } from "@af-tenancy/testing";
import { Migration } from "@mikro-orm/migrations";
import { defineEntity, p } from "@mikro-orm/postgresql";
import { afterAll, beforeAll, describe, expect, it, onTestFinished, vi } from "vitest";
import { migrationOf } from "./migration-of.ts";
import { makePlace } from "./migration-place.ts";
import { asAdmin, server, withServer } from "./server.ts";
import { type Migrated, startMigrated } from "./start-migrated.ts";
import { startMigrating } from "./start-migrating.ts";

const notes: SqlMigration = {
  name: "01_notes",
  up: ["create table note (id integer primary key, text varchar(100))"],
  down: ["drop table note"],
};

describe.skipIf(withServer !== "")(`migrations that go wrong${withServer}`, () => {
  /** An application that has the first migration only, for whichever test's tenants. */
  let older: Migrated;
  beforeAll(async () => {
    older = await startMigrated(server, [notes], { strategies: ["schema"], maxConnections: 4 });
  });
  afterAll(() => older.close());

  it("F070: leaves nothing of a migration whose process was killed", async () => {
    const { acme, globex } = await twoTenants(older);
    const slow = slowMigration();
    const site = await start([notes, slow], "schema");
    const process = startMigrating(acme, [notes, slow], { strategies: ["schema"] });
    await underWay(slow);
    await process.kill();

    const { migrations } = await vi.waitFor(() => migrationsOf(site).run(acme), 10_000);

    expect(migrations.map(({ name }) => name)).toEqual([slow.name]);
    expect((await migrationsOf(site).status(globex)).pending).toEqual([slow.name]);
  });

  it("F071: refuses a second process while the first one migrates, and nobody else", async () => {
    const { acme, globex } = await twoTenants(older);
    const slow = slowMigration();
    const site = await start([notes, slow], "schema");
    const process = startMigrating(acme, [notes, slow], { strategies: ["schema"] });
    await underWay(slow);

    const second = migrationsOf(site).run(acme);

    await expect(second).rejects.toMatchObject({ code: "MIGRATION_LOCKED", transient: true });
    expect((await migrationsOf(site).run(globex)).migrations).toHaveLength(1);
    await process.done();
    expect((await migrationsOf(site).run(acme)).migrations).toEqual([]);
  });

  it("F072: refuses a text of several statements of which one ends the transaction, before it is sent", async () => {
    const { acme } = await twoTenants(older);
    const texts = [
      "create table one (id integer); commit; create table two (id integer)",
      "create table one (id integer); /* commit */ rollback",
      "create table one (id integer); start transaction",
    ];
    for (const text of texts) {
      const site = await start([notes, { name: "02_rude", up: [text], down: [] }], "schema");
      await expect(migrationsOf(site).run(acme)).rejects.toMatchObject({
        ...{ code: "MIGRATION_FAILED", migration: "02_rude", cause: { code: "INVALID_INPUT" } },
      });
    }
    const fine = [
      "create table one (id integer); savepoint a; rollback to savepoint a",
      "create function two() returns text language sql begin atomic select 'x; commit;'; end",
      "create function three() returns int language plpgsql as $f$ begin return 1; end; $f$; select 'commit;'",
    ];
    const site = await start([notes, { name: "02_fine", up: fine, down: [] }], "schema");
    expect((await migrationsOf(site).run(acme)).migrations).toHaveLength(1);
  });

  it.each([
    ["set search_path to globex", "create table tag (id integer)"],
    ["set search_path to public, pg_catalog", "set statement_timeout to '1h'"],
    ["select set_config('search_path', '', false)"],
    ["create table before (id integer)", "commit", "create table behind (id integer)"],
    ["listen stray", "create temporary table note (id integer, text text)"],
  ])("F072: leaves nothing on a connection that others use: %s", async (...up) => {
    const { acme, globex } = await twoTenants(older);
    const { name = "" } = globex.placement ?? {};
    const rude = { name: "02_rude", up: up.map((sql) => sql.replace("globex", name)), down: [] };
    const site = await start([notes, rude], "schema", 1);
    const { migrations } = site.databases;
    for (const tenant of [acme, globex]) await query(site, tenant, "insert into note values (1)");
    await query(site, acme, "update note set text = 'acme'");
    const strays = await asAdmin("select tablename from pg_tables where schemaname = 'public'");

    await migrations?.run(acme).catch(() => undefined);

    const seen = "select text, current_schema() as place, current_setting('statement_timeout') as ";
    for (const tenant of [globex, acme]) {
      const text = tenant === acme ? "acme" : null;
      expect(await query(site, tenant, `${seen} limited from note`)).toEqual([
        { text, place: tenant.placement?.name, limited: "0" },
      ]);
    }
    expect(await query(site, globex, "select * from pg_listening_channels()")).toEqual([]);
    expect((await migrations?.status(globex))?.pending).toEqual([rude.name]);
    const after = await asAdmin("select tablename from pg_tables where schemaname = 'public'");
    expect(after).toEqual(strays);
  });

  it("F073: touches no database that is another tenant's, also when it became so lately", async () => {
    const { acme, globex } = await twoTenants(older);
    const tags = { name: "02_tags", up: ["create table tag (id integer)"], down: [] };
    const site = await start([notes, tags], "schema");
    const migrations = migrationsOf(site);
    const [own, others] = [acme.placement?.name ?? "", globex.placement?.name ?? ""];
    const swap = (from: string, to: string) => `alter schema "${from}" rename to "${to}";`;

    const misplaced = migrations.run({ ...acme, placement: globex.placement });
    await expect(misplaced).rejects.toMatchObject({ code: "DATABASE_MISMATCH" });
    await migrations.status(acme); // its owner was checked, and so it was trusted
    await asAdmin(swap(own, `${own}_x`) + swap(others, own) + swap(`${own}_x`, others));
    for (const direction of ["up", "down", "fresh"] as const) {
      const run = migrations.run(acme, { direction });
      await expect(run).rejects.toMatchObject({ code: "DATABASE_MISMATCH" });
    }
    await asAdmin(swap(own, `${own}_x`) + swap(others, own) + swap(`${own}_x`, others));

    for (const tenant of [acme, globex]) {
      expect((await migrationsOf(older).status(tenant)).applied).toHaveLength(1);
    }
  });

  it("F073: lets no tenant of shared tables write what they remember of migrations", async () => {
    const place = makePlace("row");
    onTestFinished(() => place.remove());
    const columns = "tenant_id varchar(64), id integer, text varchar(100)";
    const shared = {
      ...notes,
      up: [`create table note (${columns}, primary key (tenant_id, id))`],
    };
    const { databases } = await place.start([shared]);
    const id = randomUUID();
    const placement = databases.place(id, 1);
    await databases.manager(placement).create({ tenantId: id, placement });
    const tenant = { ...tenantRecord({ id, slug: `t-${id}` }), placement };
    await databases.migrate(tenant);
    await databases.verify(tenant);
    const path = await asAdmin<{ readonly name: string }>(
      "select c.relname as name from pg_class c, pg_roles r where c.relname = 'mikro_orm_migrations' " +
        `and c.relnamespace = '"${place.schema}"'::regnamespace and r.rolname = '${place.role}' ` +
        "and has_table_privilege(r.oid, c.oid, 'insert, update, delete')",
    );

    expect(path).toEqual([]);
  });

  it("F071: refuses a second runner while the first one is at a migration without a transaction", async () => {
    const { acme, globex } = await twoTenants(await start([notes], "database"));
    const [begun, goOn] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
    const outside = {
      name: "02_outside",
      class: class extends Migration {
        override async up(): Promise<void> {
          await this.execute("select 1");
          begun.resolve();
          await goOn.promise;
          this.addSql("create table aside (id integer)");
        }

        override isTransactional(): boolean {
          return false;
        }
      },
    };
    const properties = { id: p.integer().primary(), text: p.string().nullable() };
    const databases = postgresql({
      ...{ connection: server, entities: [defineEntity({ name: "Note", properties })] },
      ...{ migrations: [migrationOf(notes), outside] },
    });
    const tenancy = createTenancy({ registry: memoryRegistry(), databases });
    await tenancy.start();
    onTestFinished(() => tenancy.close());
    const first = databases.migrations?.run(acme);
    await begun.promise;

    const second = databases.migrations?.run(acme);

    await expect(second).rejects.toMatchObject({ code: "MIGRATION_LOCKED" });
    expect((await databases.migrations?.status(acme))?.dirty).toBeUndefined(); // nor is it cut off
    goOn.resolve();
    expect((await first)?.migrations).toHaveLength(1);
    expect((await databases.migrations?.run(globex))?.migrations).toHaveLength(1);
    expect((await databases.migrations?.run(acme))?.migrations).toEqual([]);
  });

  it("F075: gives up a lock that somebody holds, and lets the others go on", async () => {
    const { acme, globex } = await twoTenants(older);
    const alter = { name: "02_alter", up: ["alter table note add column done boolean"], down: [] };
    const site = await start([notes, alter], "schema");
    const migrations = migrationsOf(site);
    const { tenancy, databases } = older;

    await tenancy.run(acme, () =>
      databases.em().transactional(async (em) => {
        await em.execute("lock table note");
        const waiting = migrations.run(acme, { lockMs: 200 });
        await expect(waiting).rejects.toMatchObject({
          ...{ code: "MIGRATION_FAILED", migration: alter.name },
          ...{ cause: { code: "55P03" }, sql: expect.stringContaining("alter table note") },
        });
        expect((await migrations.run(globex, { lockMs: 200 })).migrations).toHaveLength(1);
      }),
    );

    expect((await migrations.run(acme)).migrations).toHaveLength(1);
  });

  it("F075: ends a statement that takes too long", async () => {
    const { acme } = await twoTenants(older);
    const slow = { name: "02_slow", up: ["select pg_sleep(60)"], down: [] };
    const site = await start([notes, slow], "schema", 1);

    const run = migrationsOf(site).run(acme, { statementMs: 100 });

    await expect(run).rejects.toMatchObject({ code: "MIGRATION_FAILED", cause: { code: "57014" } });
    const limit = await query(site, acme, "select current_setting('statement_timeout') as limited");
    expect(limit).toEqual([{ limited: "0" }]);
  });
});

async function start(
  list: readonly SqlMigration[],
  strategy: PlacementStrategy,
  maxConnections = 4,
): Promise<Migrated> {
  const site = await startMigrated(server, list, { strategies: [strategy], maxConnections });
  onTestFinished(() => site.close());
  return site;
}

async function twoTenants(site: Migrated) {
  const add = async () => {
    const id = randomUUID();
    const placement = site.databases.place(id, 1);
    const manager = site.databases.manager(placement);
    onTestFinished(() => manager.drop({ tenantId: id, placement }), 60_000);
    await manager.create({ tenantId: id, placement });
    const tenant = { ...tenantRecord({ id, slug: `t-${id}` }), placement };
    await site.databases.migrate(tenant);
    return tenant;
  };
  return { acme: await add(), globex: await add() };
}

function slowMigration(): SqlMigration {
  const slow = `select pg_sleep(1.5) /* ${randomUUID()} */`;
  return { name: "02_slow", up: ["create table slow (id integer)", slow], down: [] };
}

/** Waits until the server is at the slow statement. */
async function underWay({ up: [, slow = ""] }: SqlMigration): Promise<void> {
  const mark = slow.slice(slow.indexOf("/*"));
  await vi.waitUntil(
    async () => {
      const found = await asAdmin(
        `select 1 from pg_stat_activity where state = 'active' and pid <> pg_backend_pid() and query like '%${mark}%'`,
      );
      return found.length > 0;
    },
    { timeout: 20_000, interval: 20 },
  );
}

function migrationsOf({ databases }: Migrated): TenantMigrations {
  return databases.migrations as TenantMigrations;
}

function query({ tenancy, databases }: Migrated, tenant: TenantRecord, sql: string) {
  return tenancy.run(tenant, () => databases.em().execute(sql));
}
