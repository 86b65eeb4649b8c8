import type { SqlEntityManager } from "@mikro-orm/sql";
import { describe, expect, it } from "vitest";
import { Note } from "./entities.ts";
import { sharedFleet, startFleet } from "./fleet.ts";

const fleet = sharedFleet((over) => startFleet({ strategy: "schema" }, over));

/** Ways to have two statements in a transaction of which the second fails, and to catch its error. */
const ways: readonly [string, (em: SqlEntityManager, id: number) => Promise<unknown>][] = [
  ["em.transactional()", (em, id) => em.transactional((tx) => twice(tx as never, id))],
  [
    "em.commit()",
    async (em, id) => {
      await em.begin();
      await twice(em, id);
      await em.commit();
    },
  ],
  [
    "Kysely",
    (em, id) =>
      em
        .getKysely()
        .transaction()
        .execute(async (transaction) => {
          const insert = (transaction as never as Inserting)
            .insertInto("note")
            .values({ id, text: "a" });
          await insert.execute();
          await insert.execute().catch(() => {});
        }),
  ],
];

describe("a transaction with an error that was caught", () => {
  it.each(ways)("is not taken for a committed one: %s", async (way, work) => {
    const { db, tenancy, acme, globex } = fleet();
    const id = 1 + ways.findIndex(([name]) => name === way);

    const done = tenancy.run(acme, () => work(db.em().fork(), id));

    await expect(done).rejects.toMatchObject({
      code: "TRANSACTION_TAKEN_BACK",
      cause: { code: "23505" },
    });
    for (const tenant of [acme, globex]) {
      expect(await tenancy.run(tenant, () => db.em().count(Note, { id }))).toBe(0);
    }
  });

  it("has to be taken back, and sends nothing before that", async () => {
    const { db, tenancy, acme, globex } = fleet();
    const codeOf = ({ code }: { readonly code: string }) => code;

    const codes = await tenancy.run(acme, async () => {
      const em = db.em().fork();
      await em.begin();
      await twice(em, 20);
      const commit = () => em.commit().then(() => "committed", codeOf);
      const refused = [await commit()];
      refused.push(await em.insert(Note, { id: 21, text: "late" }).then(() => "kept", codeOf));
      refused.push(await commit());
      await em.rollback();
      await em.transactional((tx) => tx.insert(Note, { id: 22, text: "anew" }));
      return refused;
    });

    expect(codes).toEqual(["TRANSACTION_TAKEN_BACK", "TRANSACTION_OVER", "TRANSACTION_OVER"]);
    const kept = (tenant: typeof acme) =>
      tenancy.run(tenant, () => db.em().count(Note, { id: { $gte: 20 } }));
    expect([await kept(acme), await kept(globex)]).toEqual([1, 0]);
  });

  it("is committed when the error was that of a transaction inside it", async () => {
    const { db, tenancy, acme } = fleet();

    await tenancy.run(acme, () =>
      db.em().transactional(async (em) => {
        await em.insert(Note, { id: 10, text: "kept" });
        await em
          .transactional((inner) => inner.insert(Note, { id: 10, text: "not" }))
          .catch(() => {});
      }),
    );

    expect(await tenancy.run(acme, () => db.em().count(Note, { id: 10 }))).toBe(1);
  });
});

/** Inserts a row, and the same again. */
async function twice(em: SqlEntityManager, id: number): Promise<void> {
  await em.insert(Note, { id, text: "first" });
  await em.insert(Note, { id, text: "second" }).catch(() => {});
}

interface Inserting {
  insertInto(table: string): { values(row: object): { execute(): Promise<unknown> } };
}
