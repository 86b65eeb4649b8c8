import { testScale } from "@af-tenancy/testing";
import type { SqlEntityManager } from "@mikro-orm/mysql";
import { describe, expect, it } from "vitest";
import { Note } from "./entities.ts";
import { startFleet } from "./fleet.ts";
import { admin, missing } from "./server.ts";

const ways: readonly [string, (em: SqlEntityManager) => Promise<unknown>][] = [
  ["a find", (em) => em.find(Note, {})],
  ["raw SQL", (em) => em.execute("select * from note")],
  ["a flush", (em) => em.persist(em.create(Note, { id: 2, text: "two" })).flush()],
  ["a transaction", (em) => em.transactional((inner) => inner.find(Note, {}))],
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

// The server takes a second to refuse another user's database: in the short run three ways show it.
const someWays =
  testScale() < 1 ? ways.filter(([way]) => /^a (find|stream)$|^Kysely$/.test(way)) : ways;

describe.skipIf(missing).each([
  ["", {}, ways],
  [" with users and one connection", { users: true, maxConnections: 1 }, someWays],
] as const)("a database that was dropped", (title, options, used) => {
  it.each(used)(`is not ready for a warm tenant${title}, found by %s`, async (_, work) => {
    const { tenancy, db, acme, globex } = await startWarm(options);
    await admin(`drop database \`${acme.placement.name}\``);

    for (const use of [work, (em: SqlEntityManager) => em.find(Note, {})]) {
      await expect(tenancy.run(acme, () => use(db.em()))).rejects.toMatchObject({
        code: "DATABASE_NOT_READY",
      });
    }

    const found = await tenancy.run(globex, () => db.em().find(Note, {}));
    expect(found.map(({ text }) => text)).toEqual(["globex"]);
  });
});

describe.skipIf(missing)("a database under a warm tenant", () => {
  it("is a mismatch for readers and writers when another tenant's stands there", async () => {
    const { tenancy, db, acme, globex } = await startWarm();
    const [own, other] = [acme.placement.name, globex.placement.name];
    await admin(
      `drop database \`${own}\`; create database \`${own}\`; ` +
        `create table \`${own}\`._tenancy_owner as select * from \`${other}\`._tenancy_owner`,
    );

    for (const em of [() => db.readOnly(), () => db.em()]) {
      await expect(tenancy.run(acme, () => em().find(Note, {}))).rejects.toMatchObject({
        code: "DATABASE_MISMATCH",
      });
    }
    await admin(`drop database \`${own}\``);
  });

  it("stays its tenant's when a query misspells a table", async () => {
    const { tenancy, db, acme } = await startWarm();
    const typo = () => db.em().execute("select * from nota");

    await tenancy.run(acme, async () => {
      await expect(typo()).rejects.toMatchObject({ name: "TableNotFoundException" });
      await expect(db.em().transactional(typo)).rejects.toMatchObject({
        name: "TableNotFoundException",
      });
      expect(await db.em().count(Note, {})).toBe(1);
    });
  });
});

describe.skipIf(missing)("the doctor", () => {
  it("finds that a tenant's database is another tenant's, and that one is not there", async () => {
    const { db, acme, globex } = await startFleet();
    const [own, other] = [acme.placement.name, globex.placement.name];
    const found = async () =>
      (await db.doctor())
        .map(({ check, subject }) => [check, subject])
        .filter(([check]) => check?.startsWith("doctor/"));
    expect(await found()).toEqual([]);

    await admin(`update \`${own}\`._tenancy_owner set tenant_id = '${globex.id}'`);
    await admin(`drop database \`${other}\``);

    expect(await found()).toEqual([
      ["doctor/missing-database", `database "${other}"`],
      ["doctor/foreign-database", `database "${own}"`],
    ]);
    await admin(`drop database \`${own}\``);
  });
});

/** Two tenants whose databases were found to be theirs, with one note of the same key each. */
async function startWarm(options: Parameters<typeof startFleet>[0] = {}) {
  const fleet = await startFleet(options);
  const { tenancy, db, acme, globex } = fleet;
  for (const tenant of [acme, globex]) {
    await tenancy.run(tenant, () => db.em().insert(Note, { id: 1, text: tenant.slug }));
  }
  return fleet;
}

function kyselyOf(em: SqlEntityManager) {
  return em.getKysely<{ note: { id: number; text: string } }>();
}
