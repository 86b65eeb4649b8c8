import {
  ConfigurationError,
  type TenantAccess,
  TenantDeniedError,
  type TenantRecord,
} from "@af-tenancy/core";
import {
  ConnectionHeldError,
  ReadOnlyManagerError,
  TenantReadOnlyError,
} from "@af-tenancy/database";
import type { SqlEntityManager } from "@mikro-orm/sqlite";
import { expect, it } from "vitest";
import { Author, Note } from "./entities.ts";
import { type Fleet, startFleet } from "./fleet.ts";

const writes: readonly [string, (em: SqlEntityManager) => Promise<unknown>][] = [
  ["flush", (em) => em.persist(em.create(Note, { id: 2, text: "two" })).flush()],
  [
    "flush of a change",
    async (em) => {
      (await em.findOneOrFail(Note, 1)).text = "changed";
      await em.flush();
    },
  ],
  ["flush of a removal", async (em) => em.remove(await em.findOneOrFail(Note, 1)).flush()],
  [
    "transactional",
    (em) => em.transactional(async (inner) => void inner.create(Note, { id: 2, text: "two" })),
  ],
  ["insert", (em) => em.insert(Note, { id: 2, text: "two" })],
  ["insertMany", (em) => em.insertMany(Note, [{ id: 2, text: "two" }])],
  ["upsert", (em) => em.upsert(Note, { id: 1, text: "two" })],
  ["upsertMany", (em) => em.upsertMany(Note, [{ id: 1, text: "two" }])],
  ["nativeUpdate", (em) => em.nativeUpdate(Note, { id: 1 }, { text: "two" })],
  ["nativeDelete", (em) => em.nativeDelete(Note, { id: 1 })],
  ["a fork", (em) => em.fork().insert(Note, { id: 2, text: "two" })],
  ["the query builder", (em) => em.createQueryBuilder(Note).delete().execute()],
  ["raw SQL", (em) => em.execute("delete from note")],
  [
    "raw SQL behind a select",
    (em) => em.execute("with gone as (select 1) delete from note returning id"),
  ],
  ["raw DDL", (em) => em.execute("drop table note")],
  ["a pragma", (em) => em.execute("pragma journal_mode = wal")],
  ["the connection", (em) => em.getConnection().execute("delete from note")],
  ["Kysely", (em) => em.getKysely<Tables>().deleteFrom("note").execute()],
  [
    "Kysely's transaction",
    (em) =>
      em
        .getKysely<Tables>()
        .transaction()
        .execute((trx) => trx.deleteFrom("note").execute()),
  ],
];

interface Tables {
  readonly note: { readonly id: number };
}

it.each(writes)("readOnly() refuses to write with %s and changes nothing", async (_, write) => {
  const { db, tenancy, acme, seen } = await start();

  const written = tenancy.run(acme, async () => {
    await write(db.readOnly());
  });

  await expect(written).rejects.toThrow(ReadOnlyManagerError);
  expect(await seen(acme)).toEqual(["acme"]);
});

it.each(writes)("a tenant that may only be read refuses %s", async (_, write) => {
  const { db, tenancy, acme, globex, seen } = await start();

  const written = tenancy.run(withAccess(acme, "read-only"), async () => {
    await write(db.em());
  });

  await expect(written).rejects.toThrow(TenantReadOnlyError);
  await tenancy.run(globex, () => db.em().insert(Note, { id: 2, text: "other" }));
  expect([await seen(acme), await seen(globex)]).toEqual([["acme"], ["globex", "other"]]);
});

it("reads all there is", async () => {
  const { db, tenancy, acme } = await start();

  await tenancy.run(acme, async () => {
    const em = db.readOnly();
    expect(db.readOnly()).toBe(em);
    expect(em).not.toBe(db.em());
    expect(await em.find(Note, {}, { populate: ["author"] })).toHaveLength(1);
    expect(await em.execute("select text from note")).toEqual([{ text: "acme" }]);
    expect(await em.transactional((inner) => inner.count(Author))).toBe(0);
    expect(await em.getKysely<Tables>().selectFrom("note").select("id").execute()).toHaveLength(1);
    for await (const { text } of em.stream(Note)) expect(text).toBe("acme");
    await em.flush();
  });
});

it("gives a connection back that can write", async () => {
  const { db, tenancy, acme, seen } = await start();

  await tenancy.run(acme, async () => {
    await db.readOnly().count(Note);
    await db.readOnly().begin();
    await db.readOnly().count(Note);
    await db.readOnly().commit();
    await db.em().insert(Note, { id: 2, text: "two" });
  });

  expect(await seen(acme)).toEqual(["acme", "two"]);
});

it("waits for no transaction of its own scope", async () => {
  const { db, tenancy, acme } = await start();

  const read = tenancy.run(acme, async () => {
    await db.em().transactional(() => db.readOnly().count(Note));
  });

  await expect(read).rejects.toThrow(ConnectionHeldError);
});

it("S023: a file has no replicas: it is read itself, and to ask for one is refused", async () => {
  const { db, tenancy, acme } = await start();

  await tenancy.run(acme, async () => {
    expect(await db.readOnly({ from: "any" }).count(Note)).toBe(1);
    expect(await db.readOnly({ from: "primary" }).count(Note)).toBe(1);
    for (const from of ["replicas", { replica: "near" }] as const) {
      expect(() => db.readOnly({ from })).toThrow(ConfigurationError);
    }
  });
});

it("gives nothing of a closed tenant", async () => {
  const { db, tenancy, acme } = await start();
  const closed = withAccess(acme, "closed");

  expect(() => tenancy.run(closed, () => db.em())).toThrow(TenantDeniedError);
  expect(() => tenancy.run(closed, () => db.readOnly())).toThrow(TenantDeniedError);
});

function withAccess(tenant: TenantRecord, access: TenantAccess): TenantRecord {
  return { ...tenant, access };
}

async function start(): Promise<Fleet & { seen(tenant: TenantRecord): Promise<string[]> }> {
  const fleet = await startFleet({ maxWait: 600_000 });
  const { db, tenancy, acme, globex } = fleet;
  for (const tenant of [acme, globex]) {
    await tenancy.run(tenant, () => db.em().insert(Note, { id: 1, text: tenant.slug }));
  }
  const seen = (tenant: TenantRecord) =>
    tenancy.run(tenant, async () =>
      (await db.em().find(Note, {}, { orderBy: { id: 1 } })).map(({ text }) => text),
    );
  return { ...fleet, seen };
}

it.each(["commit", "/* a */ commit", "select 1 /* ' */; commit; select 1 /* ' */"])(
  "writes nothing in a reader's transaction behind %j",
  async (text) => {
    const { db, tenancy, acme } = await startFleet();
    await tenancy.run(acme, () => db.em().insert(Note, { id: 1, text: acme.slug }));

    await tenancy
      .run(acme, () =>
        db.readOnly().transactional(async (em) => {
          await em.execute(text).catch(() => undefined);
          await expect(em.execute("update note set text = 'written'")).rejects.toThrow(
            ReadOnlyManagerError,
          );
        }),
      )
      .catch(() => undefined);

    const read = () => tenancy.run(acme, () => db.em().findOneOrFail(Note, 1));
    expect((await read()).text).toBe(acme.slug);
  },
);
