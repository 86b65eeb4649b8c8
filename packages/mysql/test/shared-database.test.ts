import type { TenantRecord } from "@af-tenancy/core";
import { mysql } from "@af-tenancy/mysql";
import { defineEntity, p } from "@mikro-orm/mysql";
import { describe, expect, it, onTestFinished } from "vitest";
import { admin, missing, server, uniqueName } from "./server.ts";
import { type SharedSite, siteForTest } from "./start-shared-tables.ts";

describe.skipIf(missing)("the database in which tenants share tables", () => {
  it("C023 C024: takes the shared database for no tenant's own, also while it has one tenant", async () => {
    const site = await siteForTest({ strategies: ["row", "database"] });
    const { databases, entities, run, shared } = site;
    const only = await site.add();
    const placement = placedAt(only, { strategy: "database", name: shared });
    const forged = { ...only, placement };

    expect(() => databases.place(only.id, 1, placement)).toThrow("tenants share tables");
    const read = run(forged, (em) => em.find(entities.Note, {}));
    await expect(read).rejects.toMatchObject({ code: "DATABASE_MISMATCH" });
    for (const method of ["create", "drop"] as const) {
      const done = databases.manager(placement)[method]({ tenantId: only.id, placement });
      await expect(done).rejects.toMatchObject({ code: "INVALID_INPUT" });
      // Nor does another application whose tenants share nothing.
      const others = mysql({ connection: server, flavour: "mariadb", entities: [plain()] });
      const elsewhere = others.manager(placement)[method]({ tenantId: only.id, placement });
      await expect(elsewhere).rejects.toMatchObject({ code: "DATABASE_OWNED" });
    }
    expect(await run(only, (em) => em.count(entities.Note))).toBe(0);
  });

  it("C023: shares no database that holds anything else, and takes an empty one", async () => {
    const taken = uniqueName("taken");
    await admin(`create database ${taken}; create table ${taken}.theirs (id int)`);
    onTestFinished(async () => void (await admin(`drop database if exists ${taken}`)));
    const site = await siteForTest({ sharedDatabase: taken });

    await expect(site.add()).rejects.toMatchObject({ code: "DATABASE_OWNED" });
    await admin(`drop table ${taken}.theirs`);

    const tenant = await site.add();
    expect(await site.run(tenant, (em) => em.count(site.entities.Note))).toBe(0);
  });

  it.each([
    ["a name that no database can have", { sharedDatabase: "No Name" }],
    ["the central database", { central: { database: "same", entities: [plain()] } }],
    ["the application's own database", { connection: { ...server, database: "same" } }],
    ["that of a foreign server", { servers: { eu: { database: "same" } } }],
  ])("C023: shares no tables in %s", (_, options) => {
    expect(() =>
      mysql({
        ...{ connection: server, flavour: "mariadb", entities: [plain()], strategies: ["row"] },
        ...{ sharedDatabase: "same", ...options },
      }),
    ).toThrow("sharedDatabase");
  });

  it("C029 C026: says whose rows a name has, and makes tables once for tenants who come at once", async () => {
    const { add, run, entities, databases } = await siteForTest();

    const tenants = await Promise.all(Array.from({ length: 8 }, () => add()));
    for (const tenant of tenants) {
      await run(tenant, (em) => em.insert(entities.Note, { id: 1, text: tenant.id }));
    }

    const [first, second] = tenants as [TenantRecord, TenantRecord];
    const placement = placedAt(second, { name: first.placement?.name as string });
    const claimed = databases.manager(placement).create({ tenantId: second.id, placement });
    await expect(claimed).rejects.toThrow(first.id);
  });

  it("F059: goes on where making the tables was interrupted", async () => {
    const site = await siteForTest();
    const acme = await site.add();
    const whole = await tablesOf(site);

    for (const interruption of [
      "drop trigger note_author_id_foreign_unset",
      "set foreign_key_checks = 0; drop table note_tags; drop table author",
    ]) {
      await site.admin(interruption);
      await site.databases.migrate(acme);
      expect(await tablesOf(site)).toEqual(whole);
    }
  });

  it("removes and unsets rows that refer to themselves and in a circle, and nobody else's", async () => {
    const Folder = defineEntity({
      name: "Folder",
      properties: {
        id: p.integer().primary(),
        parent: () => p.manyToOne(Folder).nullable(),
        owner: () => p.manyToOne(Owner).nullable(),
      },
    });
    const Owner = defineEntity({
      name: "Owner",
      properties: { id: p.integer().primary(), home: () => p.manyToOne(Folder).nullable() },
    });
    const site = await siteForTest({ entities: [Folder, Owner] });
    const [acme, globex] = [await site.add(), await site.add()];
    for (const tenant of [acme, globex]) {
      await site.run(tenant, async (em) => {
        const root = em.create(Folder, { id: 1 });
        const owner = em.create(Owner, { id: 1, home: root });
        em.create(Folder, { id: 2, parent: root, owner });
        await em.flush();
      });
    }

    const stranded = site.run(acme, (em) => em.nativeDelete(Folder, { id: 1 }));
    await expect(stranded).rejects.toThrow(/foreign key/);
    await site.run(acme, (em) => em.nativeDelete(Owner, { id: 1 }));
    const folder = await site.run(acme, (em) => em.fork().findOne(Folder, 2));
    await site.drop(acme);

    expect(folder).toMatchObject({ owner: null });
    for (const table of ["folder", "owner", "_tenancy_owner"]) {
      expect(await site.admin(`select distinct tenant_id as id from ${table}`)).toEqual([
        { id: globex.id },
      ]);
    }
  });
});

function plain() {
  return defineEntity({ name: "Plain", properties: { id: p.integer().primary() } });
}

function placedAt({ placement }: TenantRecord, changed: Partial<NonNullable<typeof placement>>) {
  return { ...(placement as NonNullable<typeof placement>), ...changed };
}

async function tablesOf({ admin: ask, shared }: SharedSite) {
  return ask(
    `select table_name as name from information_schema.tables where table_schema = '${shared}'
     union all select trigger_name from information_schema.triggers where trigger_schema = '${shared}'
     union all select concat(table_name, '.', constraint_name) from information_schema.table_constraints
     where table_schema = '${shared}' order by 1`,
  );
}
