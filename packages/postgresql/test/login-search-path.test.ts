import { type PostgresqlOptions, postgresqlRegistry } from "@af-tenancy/postgresql";
import { acme } from "@af-tenancy/testing";
import { defineEntity, p } from "@mikro-orm/postgresql";
import { describe, expect, it, onTestFinished } from "vitest";
import { Note } from "./entities.ts";
import { startFleet } from "./fleet.ts";
import { hasPgBouncer, startPgBouncer } from "./pgbouncer.ts";
import { asAdmin, server, uniqueName, withServer } from "./server.ts";

const Plan = defineEntity({ name: "Plan", properties: { id: p.integer().primary() } });

describe.skipIf(withServer !== "")(`a login role that sees no schema${withServer}`, () => {
  it("F087: serves tenants with databases, and the central one", async () => {
    await startFleet(); // makes the template that all tests of these entities share, which has to outlive the role
    const connection = { ...server, user: await newLogin() };
    const { db, tenancy, acme, globex } = await startFleet({ connection, ...(await central()) });

    await tenancy.run(globex, () => db.em().insert(Note, { id: 1, text: "globex" }));
    await tenancy.run(acme, async () => {
      await db.em().insert(Note, { id: 1, text: "acme" });
      await db.em().execute("set statement_timeout = 1000");
    });
    await db.verify(acme);
    await db.central().insert(Plan, { id: 1 });

    for (const tenant of [acme, globex]) {
      const notes = await tenancy.run(tenant, () => db.em().findAll(Note));
      expect(notes.map(({ text }) => text)).toEqual([tenant.slug]);
    }
    expect(await db.central().count(Plan)).toBe(1);
  });

  it("F087: makes no registry before it is told where, and then makes and serves it there", async () => {
    const user = await newLogin();
    const database = await newDatabase();
    const registry = postgresqlRegistry({ connection: { ...server, user, database } });
    onTestFinished(() => registry.close?.());
    const schemas =
      "select distinct schemaname from pg_tables where schemaname !~ '^(pg_|information_schema)'";

    await expect(registry.start?.()).rejects.toMatchObject({
      code: "REGISTRY_UNAVAILABLE",
      cause: { code: "3F000" },
    });
    expect(await asAdmin(schemas, database)).toEqual([]);

    await asAdmin(
      `create schema central; alter role ${user} in database "${database}" set search_path = central`,
      database,
    );
    await registry.start?.();
    await registry.transaction(({ tenants }) => tenants.insert(acme(), []));

    expect(await registry.store.find({ by: "slug", value: "acme" })).toEqual(acme());
    expect(await asAdmin(schemas, database)).toEqual([{ schemaname: "central" }]);
  });

  it.skipIf(!hasPgBouncer)("F087: serves the central database behind PgBouncer", async () => {
    const connection = { ...(await startPgBouncer()), pooler: true };
    const options = await central();
    const { db, tenancy, acme } = await startFleet({ connection, strategy: "schema", ...options });

    await tenancy.run(acme, async () => {
      await db.em().insert(Note, { id: 1, text: "acme" });
      await db.central().insert(Plan, { id: 1 });
    });
    await db.central().transactional((em) => em.insert(Plan, { id: 2 }));

    expect(await db.central().find(Plan, { id: { $gt: 1 } })).toHaveLength(1);
    const plans = "select id from public.plan order by id";
    expect(await asAdmin(plans, options.central?.database)).toEqual([{ id: 1 }, { id: 2 }]);
  });
});

async function newLogin(): Promise<string> {
  const user = uniqueName("blind");
  await asAdmin(`create role ${user} login superuser; alter role ${user} set search_path = ''`);
  onTestFinished(async () => void (await asAdmin(`drop role ${user}`)));
  return user;
}

async function central(): Promise<Pick<PostgresqlOptions, "central">> {
  return { central: { database: await newDatabase(), entities: [Plan] } };
}

async function newDatabase(): Promise<string> {
  const database = uniqueName("central");
  await asAdmin(`create database "${database}"`);
  onTestFinished(async () => void (await asAdmin(`drop database "${database}" with (force)`)));
  return database;
}
