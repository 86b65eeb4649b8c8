import { randomBytes, randomUUID } from "node:crypto";
import { postgresql } from "@af-tenancy/postgresql";
import { acme } from "@af-tenancy/testing";
import { defineEntity, p } from "@mikro-orm/postgresql";
import { describe, expect, it, onTestFinished } from "vitest";
import { makeManager, placementOf } from "./managers.ts";
import { asAdmin, server, withServer } from "./server.ts";

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
function templated(sql = "create table thing (id int)", users = false) {
  const fingerprint = randomBytes(16).toString("hex");
  const contents = { fingerprint: async () => fingerprint, statements: async () => [sql] };
  const manager = makeManager({ contents, users });

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
  return { manager, make, templates };
}

async function tables(database: string): Promise<string[]> {
  const rows = await asAdmin<{ tablename: string }>(
    "select tablename from pg_tables where schemaname = 'public' order by 1",
    database,
  );
  return rows.map(({ tablename }) => tablename);
}
