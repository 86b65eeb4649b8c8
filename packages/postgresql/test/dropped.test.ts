import type { TenantRecord } from "@af-tenancy/core";
import { tenantRecord, testScale } from "@af-tenancy/testing";
import type { SqlEntityManager } from "@mikro-orm/postgresql";
import { describe, expect, it } from "vitest";
import { Note } from "./entities.ts";
import { type Fleet, sharedFleet, startFleet } from "./fleet.ts";
import { asAdmin, uniqueName, withServer } from "./server.ts";

const ways: readonly [string, (em: SqlEntityManager) => Promise<unknown>][] = [
  ["a find", (em) => em.find(Note, {})],
  ["raw SQL", (em) => em.execute("select * from note")],
  ["a flush", (em) => em.persist(em.create(Note, { id: 2, text: "two" })).flush()],
  ["a transaction", (em) => em.transactional((inner) => inner.find(Note, {}))],
  [
    "a transaction in a transaction",
    (em) => em.transactional((inner) => inner.transactional((own) => own.find(Note, {}))),
  ],
  ["a stream", (em) => em.stream(Note).next()],
  ["Kysely", (em) => kyselyOf(em).selectFrom("note").selectAll().execute()],
  ["Kysely with other plugins", (em) => kyselyOf(em).withoutPlugins().deleteFrom("note").execute()],
  ["a stream of Kysely", (em) => kyselyOf(em).selectFrom("note").selectAll().stream().next()],
  [
    "a transaction of Kysely",
    (em) =>
      kyselyOf(em)
        .transaction()
        .execute((own) => own.selectFrom("note").selectAll().execute()),
  ],
];

// The short run has every way once: what a session of another kind adds, three of them show.
const someWays =
  testScale() < 1 ? ways.filter(([way]) => /^a (find|stream)$|^Kysely$/.test(way)) : ways;

describe.skipIf(withServer !== "").each([
  ["", { strategy: "schema" }, ways],
  [" with users", { strategy: "schema", users: true }, someWays],
  [" with one connection", { strategy: "schema", maxConnections: 1 }, someWays],
] as const)(`a schema that was dropped${withServer}`, (title, options, used) => {
  const fleetOf = sharedFleet(async (over) => withWarm(await startFleet(options, over)));

  it.each(used)(`is not ready for a warm tenant${title}, found by %s`, async (_, work) => {
    const fleet = fleetOf();
    const { tenancy, db, globex } = fleet;
    const acme = await addWarm(fleet, "acme");
    await asAdmin(`drop schema "${acme.placement?.name}" cascade`);

    for (const use of [work, (em: SqlEntityManager) => em.find(Note, {})]) {
      await expect(tenancy.run(acme, () => use(db.em()))).rejects.toMatchObject({
        code: "DATABASE_NOT_READY",
      });
    }

    expect(await textsOf(fleet, globex)).toEqual(["globex"]);
  });
});

describe.skipIf(withServer !== "")(`a schema under a warm tenant${withServer}`, () => {
  const fleetOf = sharedFleet((over) => startFleet({ strategy: "schema" }, over));

  it("is a mismatch for readers and writers when another tenant's stands there", async () => {
    const { tenancy, db, acme, globex } = await withWarm(fleetOf());
    const [own, other] = [acme.placement?.name, globex.placement?.name];
    await asAdmin(
      `drop schema "${own}" cascade; create schema "${own}"; ` +
        `create table "${own}"._tenancy_owner as table "${other}"._tenancy_owner`,
    );

    for (const em of [() => db.readOnly(), () => db.em()]) {
      await expect(tenancy.run(acme, () => em().find(Note, {}))).rejects.toMatchObject({
        code: "DATABASE_MISMATCH",
      });
    }
    await asAdmin(`drop schema "${own}" cascade`);
  });

  it("is found by verify where no query fails, because the tables are the same", async () => {
    const fleet = await withWarm(fleetOf());
    const { db, acme, globex } = fleet;
    const [own, other] = [acme.placement?.name, globex.placement?.name];
    await asAdmin(
      `alter schema "${own}" rename to "${own}_away"; alter schema "${other}" rename to "${own}"`,
    );

    await expect(db.verify(acme)).rejects.toMatchObject({ code: "DATABASE_MISMATCH" });

    await asAdmin(
      `alter schema "${own}" rename to "${other}"; alter schema "${own}_away" rename to "${own}"`,
    );
  });

  it("serves again once it is back", async () => {
    const fleet = await withWarm(fleetOf());
    const { acme } = fleet;
    const name = acme.placement?.name;
    await asAdmin(`alter schema "${name}" rename to "${name}_away"`);
    await expect(textsOf(fleet, acme)).rejects.toMatchObject({ code: "DATABASE_NOT_READY" });

    await asAdmin(`alter schema "${name}_away" rename to "${name}"`);

    expect(await textsOf(fleet, acme)).toEqual(["acme"]);
  });

  it("is looked at once in a scope in which a table is misspelt over and over", async () => {
    const { tenancy, db, acme } = await withWarm(fleetOf());
    const marker = `"${acme.placement?.name}"._tenancy_owner`;
    const typo = () => db.em().execute("select * from nota");

    await tenancy.run(acme, async () => {
      await expect(typo()).rejects.toMatchObject({ name: "TableNotFoundException" });
      await asAdmin(`alter table ${marker} rename to hidden`);
      await expect(typo()).rejects.toMatchObject({ name: "TableNotFoundException" });
      await expect(db.em().transactional(typo)).rejects.toMatchObject({
        name: "TableNotFoundException",
      });
    });

    await asAdmin(`alter table "${acme.placement?.name}".hidden rename to _tenancy_owner`);
  });
});

describe.skipIf(withServer !== "").each(["schema", "database"] as const)(
  `the doctor, of a tenant's %s${withServer}`,
  (strategy) => {
    it("finds that it is another tenant's, and that it is not there", {
      timeout: 30_000,
    }, async () => {
      const { db, acme, globex } = await startFleet({ strategy });
      const [own, other] = [`${acme.placement?.name}`, `${globex.placement?.name}`];
      const [schema, database] = strategy === "schema" ? [own, undefined] : ["public", own];
      const name = (tenantId: string) =>
        asAdmin(`update "${schema}"._tenancy_owner set tenant_id = '${tenantId}'`, database);
      const found = async () => (await db.doctor()).map(({ check, subject }) => [check, subject]);
      expect(await found()).toEqual([]);

      await name(globex.id);
      const drop = { schema: `"${other}" cascade`, database: `"${other}" with (force)` };
      await asAdmin(`drop ${strategy} ${drop[strategy]}`);

      expect(await found()).toEqual([
        ["doctor/missing-database", `${strategy} "${other}"`],
        ["doctor/foreign-database", `${strategy} "${own}"`],
      ]);
      const deleted = { ...globex, status: "deleted" as const };
      await expect(db.doctor({ tenants: [deleted] })).resolves.toEqual([]);
      await name(acme.id);
    });
  },
);

/** With two new tenants, which have one note of the same key each. */
async function withWarm(fleet: Fleet): Promise<Fleet> {
  return { ...fleet, acme: await addWarm(fleet, "acme"), globex: await addWarm(fleet, "globex") };
}

/** A new tenant whose schema was found to be its own, with a note whose key is 1. */
async function addWarm({ tenancy, db, add }: Fleet, text: string): Promise<TenantRecord> {
  const tenant = await add(tenantRecord({ slug: uniqueName(text).replace("_", "-") }));
  await tenancy.run(tenant, () => db.em().insert(Note, { id: 1, text }));
  return tenant;
}

function textsOf({ tenancy, db }: Fleet, tenant: TenantRecord): Promise<readonly string[]> {
  return tenancy.run(tenant, async () => (await db.em().find(Note, {})).map(({ text }) => text));
}

function kyselyOf(em: SqlEntityManager) {
  return em.getKysely<{ note: { id: number; text: string } }>();
}
