import { TenantMismatchError } from "@af-tenancy/core";
import { type InferEntity, raw, ref, type SqlEntityManager } from "@mikro-orm/sqlite";
import { expect, it } from "vitest";
import { Author, Note } from "./entities.ts";
import { startFleet } from "./fleet.ts";

/** What another tenant's manager has found. */
interface Foreign {
  readonly note: InferEntity<typeof Note>;
  readonly author: InferEntity<typeof Author>;
}

it.each<[string, (em: SqlEntityManager, foreign: Foreign) => unknown]>([
  ["inserted data", (em, { author }) => em.insert(Note, { id: 9, text: "", author } as never)],
  [
    "inserted data of many",
    (em, { author }) =>
      em.insertMany(Note, [
        { id: 9, text: "" },
        { id: 8, text: "", author },
      ] as never),
  ],
  [
    "a new entity that is inserted",
    (em, { author }) =>
      em.insert(em.create(Note, { id: 9, text: "", author } as never, { persist: false })),
  ],
  ["upserted data", (em, { author }) => em.upsert(Note, { id: 1, text: "", author } as never)],
  ["upserted data of many", (em, { author }) => em.upsertMany(Note, [{ id: 1, author }] as never)],
  ["data of an update", (em, { author }) => em.nativeUpdate(Note, 1, { author } as never)],
  [
    "the condition of an update",
    (em, { author }) => em.nativeUpdate(Note, { author } as never, { text: "" }),
  ],
  ["the condition of a delete", (em, { author }) => em.nativeDelete(Note, { author } as never)],
  ["a condition", (em, { author }) => em.find(Note, { author } as never)],
  [
    "a condition as a reference",
    (em, { author }) => em.find(Note, { author: ref(author) } as never),
  ],
  ["a list", (em, { author }) => em.find(Note, { author: { $in: [1, author] } } as never)],
  [
    "a condition in a condition",
    (em, { author }) => em.findOne(Note, { $or: [{ id: 1 }, { $not: { author } }] } as never),
  ],
  ["the place of a key", (em, { note }) => em.findOneOrFail(Note, note as never)],
  [
    "a raw condition",
    (em, { author }) => em.find(Note, { [raw("author_id = ?", [1])]: [author] } as never),
  ],
  ["a counted condition", (em, { author }) => em.count(Note, { author } as never)],
  ["the condition of all", (em, { author }) => em.findAll(Note, { where: { author } as never })],
  [
    "the condition of a page",
    (em, { author }) =>
      em.findByCursor(Note, { where: { author } as never, first: 1, orderBy: { id: 1 } }),
  ],
  [
    "a streamed condition",
    (em, { author }) => em.stream(Note, { where: { author } as never }).next(),
  ],
  ["the key of a reference", (em, { note }) => em.getReference(Note, note as never)],
  ["a built condition", (em, { author }) => em.createQueryBuilder(Note).where({ author } as never)],
  [
    "a copy's condition",
    (em, { author }) =>
      em
        .qb(Note)
        .clone()
        .andWhere({ author } as never),
  ],
  [
    "a join's condition",
    (em, { author }) => em.qb(Note, "n").leftJoin("n.author", "a", { id: author } as never),
  ],
  ["a built insert", (em, { author }) => em.qb(Note).insert({ id: 9, text: "", author } as never)],
  ["a built update", (em, { author }) => em.qb(Note).update({ author } as never)],
])("F015: another tenant's entity in %s throws before any SQL", async (_, use) => {
  const queries: string[] = [];
  const { db, tenancy, acme, globex } = await startFleet();
  for (const tenant of [acme, globex]) {
    await tenancy.run(tenant, async () => {
      const author = db.em().create(Author, { id: 1, name: tenant.slug });
      db.em().create(Note, { id: 1, text: tenant.slug, author });
      await db.em().flush();
    });
  }
  const foreign = await tenancy.run(acme, async () => ({
    note: await db.em().findOneOrFail(Note, 1),
    author: await db.em().findOneOrFail(Author, 1),
  }));

  const used = tenancy.run(globex, async () => {
    const em = db.em();
    const connection = em.getConnection();
    const { execute } = connection;
    connection.execute = function note(this: unknown, ...args: Parameters<typeof execute>) {
      queries.push(String(args[0]));
      return execute.apply(this as never, args);
    } as typeof execute;
    await use(em as unknown as SqlEntityManager, foreign);
  });

  await expect(used).rejects.toThrow(TenantMismatchError);
  expect(queries).toEqual([]);
});

it("takes a tenant's own entities in data and conditions", async () => {
  const { db, tenancy, acme } = await startFleet();

  const found = await tenancy.run(acme, async () => {
    const em = db.em();
    await em.insert(Author, { id: 1, name: "own" });
    const author = await em.findOneOrFail(Author, 1);
    await em.insert(Note, { id: 1, text: "first", author });
    await em.qb(Note).insert({ id: 2, text: "second", author }).execute();
    return em.fork().find(Note, { $or: [{ author }, { author: ref(author) }] });
  });

  expect(found.map(({ id }) => id)).toEqual([1, 2]);
});
