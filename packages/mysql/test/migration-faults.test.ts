import { randomUUID } from "node:crypto";
import type { TenantMigrations, TenantRecord } from "@af-tenancy/core";
import { type SqlMigration, tenantRecord } from "@af-tenancy/testing";
import { describe, expect, it, onTestFinished, vi } from "vitest";
import { admin, missing, server } from "./server.ts";
import { type Migrated, startMigrated } from "./start-migrated.ts";
import { startMigrating } from "./start-migrating.ts";

const notes: SqlMigration = {
  name: "01_notes",
  up: ["create table note (id integer primary key, text varchar(100))"],
  down: ["drop table note"],
};

describe.skipIf(missing)("migrations that go wrong", () => {
  it("F070: refuses to go on after a killed process until it is said what became of it", async () => {
    const { acme, globex } = await twoTenants();
    const slow = slowMigration();
    const site = await start([notes, slow]);
    const migrations = migrationsOf(site);
    const process = startMigrating(acme, [notes, slow]);
    await underWay(slow);
    await process.kill();

    await vi.waitFor(async () => {
      await expect(migrations.run(acme)).rejects.toMatchObject({
        ...{ code: "MIGRATION_DIRTY", migration: slow.name },
      });
    }, 10_000);
    expect(await migrations.status(acme)).toMatchObject({
      ...{ dirty: slow.name, pending: [slow.name] },
    });
    await expect(site.databases.verify(acme)).rejects.toMatchObject({ code: "SCHEMA_OUTDATED" });
    expect((await migrations.run(globex)).migrations).toHaveLength(1);

    await admin("drop table slow", acme.placement?.name);
    await migrations.resolve(acme, slow.name, "reverted");

    expect((await migrations.run(acme)).migrations).toMatchObject([{ name: slow.name }]);
    await site.databases.verify(acme);
  });

  it("F071: refuses a second process while the first one migrates, and nobody else", async () => {
    const { acme, globex } = await twoTenants();
    const slow = slowMigration();
    const site = await start([notes, slow]);
    const process = startMigrating(acme, [notes, slow]);
    await underWay(slow);

    const second = migrationsOf(site).run(acme);

    await expect(second).rejects.toMatchObject({ code: "MIGRATION_LOCKED", transient: true });
    expect((await migrationsOf(site).status(acme)).dirty).toBeUndefined(); // nor is it cut off
    expect((await migrationsOf(site).run(globex)).migrations).toHaveLength(1);
    await process.done();
    expect((await migrationsOf(site).run(acme)).migrations).toEqual([]);
  });

  it("F072: leaves nothing on a connection that others use", async () => {
    const { acme, globex } = await twoTenants();
    const rude = {
      name: "02_rude",
      up: ["set @left = 'behind', session sql_mode = ''", `use ${globex.placement?.name}`],
      down: [],
    };
    const site = await start([notes, rude], 1);
    const migrations = migrationsOf(site);

    await migrations.run(acme).catch(() => undefined);

    for (const tenant of [globex, acme]) {
      const seen = await query(site, tenant, "select database() as place, @left as behind");
      expect(seen).toEqual([{ place: tenant.placement?.name, behind: null }]);
    }
    const modes = await query(site, acme, "select @@session.sql_mode = @@global.sql_mode as same");
    expect(modes).toEqual([{ same: 1 }]);
    expect(await migrations.status(globex)).toMatchObject({
      ...{ dirty: undefined, pending: [rude.name] },
    });
  });

  it("F073: touches no database that is another tenant's", async () => {
    const { acme, globex } = await twoTenants();
    const tags = { name: "02_tags", up: ["create table tag (id integer)"], down: [] };
    const site = await start([notes, tags]);
    const migrations = migrationsOf(site);

    for (const direction of ["up", "down", "fresh"] as const) {
      const run = migrations.run({ ...acme, placement: globex.placement }, { direction });
      await expect(run).rejects.toMatchObject({ code: "DATABASE_MISMATCH" });
    }

    expect((await migrations.status(globex)).applied).toHaveLength(1);
  });

  it("F075: gives up a lock that somebody holds, and lets the others go on", async () => {
    const { acme, globex, site: older } = await twoTenants();
    const alter = { name: "02_alter", up: ["alter table note add column done int"], down: [] };
    const site = await start([notes, alter]);
    const migrations = migrationsOf(site);
    const { tenancy, databases } = older;

    await tenancy.run(acme, () =>
      databases.em().transactional(async (em) => {
        await em.execute("select * from note"); // nobody alters the table meanwhile
        const waiting = migrations.run(acme, { lockMs: 200 });
        await expect(waiting).rejects.toMatchObject({
          ...{ code: "MIGRATION_FAILED", migration: alter.name },
          ...{ cause: { code: "ER_LOCK_WAIT_TIMEOUT" }, sql: alter.up[0] },
        });
        expect((await migrations.run(globex, { lockMs: 200 })).migrations).toHaveLength(1);
      }),
    );

    expect((await migrations.run(acme)).migrations).toHaveLength(1); // nothing was done, so nothing is dirty
  });

  it("F075: ends a statement that takes too long", async () => {
    const { acme } = await twoTenants();
    const slow = {
      name: "02_slow",
      up: ["create table slow as select count(*) as n from seq_1_to_100000000, seq_1_to_100"],
      down: [],
    };
    const site = await start([notes, slow], 1);

    const run = migrationsOf(site).run(acme, { statementMs: 200 });

    await expect(run).rejects.toMatchObject({
      ...{ code: "MIGRATION_FAILED", migration: slow.name },
      cause: { errno: 1969 },
    });
    const limit = await query(site, acme, "select @@session.max_statement_time as limited");
    expect(limit).toEqual([{ limited: 0 }]);
  });
});

async function start(list: readonly SqlMigration[], maxConnections = 4): Promise<Migrated> {
  const site = await startMigrated(server, list, { maxConnections });
  onTestFinished(() => site.close());
  return site;
}

async function twoTenants() {
  const site = await start([notes]);
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
  return { site, acme: await add(), globex: await add() };
}

function slowMigration(): SqlMigration {
  const slow = `select sleep(1.5) /* ${randomUUID()} */`;
  return { name: "02_slow", up: ["create table slow (id integer)", slow], down: [] };
}

/** Waits until the server is at the slow statement. */
async function underWay({ up: [, slow = ""] }: SqlMigration): Promise<void> {
  const mark = slow.slice(slow.indexOf("/*"));
  await vi.waitUntil(
    async () => {
      const found = await admin(
        `select 1 from information_schema.processlist where id <> connection_id() and info like '%${mark}%'`,
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
