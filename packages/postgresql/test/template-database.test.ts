import { randomBytes, randomUUID } from "node:crypto";
import { tenantDatabases } from "@af-tenancy/database";
import { postgresql } from "@af-tenancy/postgresql";
import { acme } from "@af-tenancy/testing";
import { defineEntity, p } from "@mikro-orm/postgresql";
import { describe, expect, it, onTestFinished } from "vitest";
import { makeManager, placementOf } from "./managers.ts";
import { asAdmin, server, uniqueName, withServer } from "./server.ts";

describe.skipIf(withServer !== "")(
  `the template of new databases${withServer}`,
  {
    timeout: 60_000,
  },
  () => {
    it("gives a new database its tables with the database itself", async () => {
      const { make } = templated();

      const [first, second] = [await make(), await make()];

      expect(await tables(first)).toEqual(["_tenancy_owner", "thing"]);
      expect(await tables(second)).toEqual(["_tenancy_owner", "thing"]);
    });

    it("F056: lets nobody in, so that eight copies are made at once and none finds it in use", async () => {
      const { make, templates } = templated();

      const made = await Promise.all(Array.from({ length: 8 }, () => make()));

      for (const name of made) expect(await tables(name)).toContain("thing");
      const [name = "", ...drafts] = await templates();
      expect(drafts).toEqual([]);
      await expect(asAdmin("select 1", name)).rejects.toThrow(
        "not currently accepting connections",
      );
    });

    it("is made anew when somebody dropped it", async () => {
      const { make, templates } = templated();
      await make();
      await asAdmin(`drop database "${(await templates())[0]}"`);

      expect(await tables(await make())).toContain("thing");
    });

    it("goes when nobody has used it for a month and another one is made, and not before", async () => {
      const [old, young, next, last] = [templated(), templated(), templated(), templated()];
      for (const { make } of [old, young]) await make();
      await old.use(31);
      await young.use(30);
      const [draft, unknown] = [`${await old.template()}_01234567`, nameOfTemplate()];
      for (const name of [draft, unknown]) await addDatabase(name);

      await next.make();

      expect(await old.templates()).toEqual([draft]);
      expect(await young.lastUse()).toBe(30);
      expect([await daysOf(draft), await daysOf(unknown), await next.lastUse()]).toEqual([0, 0, 0]);

      await use(draft, 31);
      await young.make();
      await last.make();

      expect(await young.lastUse()).toBe(0);
      expect(await old.templates()).toEqual([]);
      expect(await tables(await old.make())).toContain("thing");
    });

    it("F056: goes under nobody's hands: who uses it at that moment gets a database with its tables", async () => {
      const old = templated();
      await old.make();
      for (let round = 0; round < 2; round += 1) {
        await old.use(31);

        const made = await Promise.all(
          [old, templated(), old, templated(), old].map(({ make }) => make()),
        );

        for (const name of made) expect(await tables(name)).toContain("thing");
      }
    });

    it("keeps what another role has made, and makes its tenants", async () => {
      const user = uniqueName("maker");
      await asAdmin(`create role ${user} login createdb`);
      onTestFinished(async () => void (await asAdmin(`drop role ${user}`)), 60_000);
      const [old, next] = [templated(), templated("create table thing (id int)", false, { user })];
      await old.make();
      await old.use(31);

      expect(await tables(await next.make())).toContain("thing");

      expect(await old.lastUse()).toBe(31);
      expect(await next.lastUse()).toBe(0);
    });

    it("is left out where its SQL is refused, and leaves nothing behind", async () => {
      const { make, templates } = templated("create table thing (");

      expect(await tables(await make())).toEqual(["_tenancy_owner"]);
      expect(await templates()).toEqual([]);
    });

    it("C042: is left out where each tenant has a user, who has to own the tables", async () => {
      const { make, manager, templates } = templated("create table thing (id int)", true);

      expect(await tables(await make())).toEqual(["_tenancy_owner"]);
      expect(await templates()).toEqual([]);
      expect(manager.capabilities.templates).toBe(false);
    });

    it("is made beforehand, once, and told with the day of its use; there is none where none is copied", async () => {
      const name = uniqueName("thing");
      const Thing = defineEntity({
        name,
        tableName: name,
        properties: { id: p.integer().primary() },
      });
      const databases = (more: object) => {
        const db = postgresql({ connection: server, entities: [Thing], ...more });
        onTestFinished(() => db.close?.());
        return tenantDatabases([db]).templates;
      };
      const templates = databases({});

      const before = (await templates?.list())?.filter(({ isCurrent }) => isCurrent);
      const made = await templates?.build();
      onTestFinished(async () => void (await asAdmin(`drop database "${made?.[0]}"`)));
      const again = await databases({})?.build();
      const after = (await templates?.list())?.filter(({ isCurrent }) => isCurrent);

      const current = { driver: "postgresql", server: "default", isCurrent: true };
      const today = new Date().toISOString().slice(0, 10);
      expect(made).toHaveLength(1);
      expect(before).toEqual([{ ...current, name: made?.[0], exists: false, usedOn: undefined }]);
      expect(again).toEqual([]);
      expect(after).toEqual([{ ...current, name: made?.[0], exists: true, usedOn: today }]);
      expect(databases({ users: true })).toBeUndefined();
      expect(databases({ strategy: "schema" })).toBeUndefined();
    });

    it("F066: leaves it to the migration to tell what is wrong with an entity", async () => {
      const Broken = defineEntity({
        name: "Broken",
        properties: { id: p.integer().primary(), sum: p.integer().defaultRaw("(select") },
      });
      const db = postgresql({ connection: server, entities: [Broken] });
      onTestFinished(() => db.close?.());
      const tenant = { ...acme(), id: randomUUID() };
      const placement = db.place(tenant.id, 1);
      await db.manager(placement).create({ tenantId: tenant.id, placement });
      onTestFinished(() => db.manager(placement).drop({ tenantId: tenant.id, placement }), 60_000);

      await expect(db.migrate({ ...tenant, placement })).rejects.toThrow("syntax error");
    });
  },
);

/** Databases with contents that no other test has, and so with a template of their own. */
function templated(
  sql = "create table thing (id int)",
  users = false,
  connection: { readonly user?: string } = {},
) {
  const fingerprint = randomBytes(16).toString("hex");
  const contents = { fingerprint: async () => fingerprint, statements: async () => [sql] };
  const manager = makeManager({ contents, users, connection });

  async function templates(): Promise<string[]> {
    const rows = await asAdmin<{ datname: string }>(
      `select datname from pg_database where starts_with(datname, '~template_${fingerprint}')`,
    );
    return rows.map(({ datname }) => datname);
  }
  onTestFinished(async () => {
    for (const name of await templates()) await asAdmin(`drop database "${name}"`);
  });

  async function make(): Promise<string> {
    const tenantId = randomUUID();
    const database = { tenantId, placement: placementOf("database", users, tenantId) };
    await manager.create(database);
    onTestFinished(() => manager.drop(database), 60_000);
    return database.placement.name;
  }
  const template = async () => (await templates())[0] ?? "";
  return {
    ...{ manager, make, templates, template },
    use: async (days: number) => use(await template(), days),
    lastUse: async () => daysOf(await template()),
  };
}

/** Has a template say that it was used so many days ago. */
async function use(name: string, days: number): Promise<void> {
  const day = new Date(Date.now() - days * 86_400_000).toISOString().slice(0, 10);
  await asAdmin(`comment on database "${name}" is 'af-tenancy: used ${day}'`);
}

async function daysOf(name: string): Promise<number> {
  const [row] = await asAdmin<{ comment: string | null }>(
    `select shobj_description(oid, 'pg_database') as comment from pg_database where datname = '${name}'`,
  );
  const day = row?.comment?.replace("af-tenancy: used ", "") ?? "";
  const today = new Date().toISOString().slice(0, 10);
  return (Date.parse(today) - Date.parse(day)) / 86_400_000;
}

/** The name of a template that no version of the packages has made. */
function nameOfTemplate(): string {
  return `~template_${randomBytes(16).toString("hex")}_${randomBytes(4).toString("hex")}`;
}

async function addDatabase(name: string): Promise<void> {
  await asAdmin(`create database "${name}"`);
  onTestFinished(async () => void (await asAdmin(`drop database if exists "${name}"`)));
}

async function tables(database: string): Promise<string[]> {
  const rows = await asAdmin<{ tablename: string }>(
    "select tablename from pg_tables where schemaname = 'public' order by 1",
    database,
  );
  return rows.map(({ tablename }) => tablename);
}
