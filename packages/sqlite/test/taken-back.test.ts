import { expect, it } from "vitest";
import { Note } from "./entities.ts";
import { startFleet } from "./fleet.ts";

const ending = "insert or rollback into note (id, text) values (1, 'twice')";

it("keeps nothing of a transaction that SQL of the application has taken back, and nothing that comes after", async () => {
  const { db, tenancy, acme, globex } = await startFleet();

  await tenancy.run(acme, async () => {
    await db.em().insert(Note, { id: 1, text: "there" });
    const done = db
      .em()
      .fork()
      .transactional(async (em) => {
        await em.insert(Note, { id: 10, text: "before" });
        await em.execute(ending).catch(() => {});
        await em.insert(Note, { id: 20, text: "after" }).catch(() => {});
      });

    await expect(done).rejects.toMatchObject({
      code: "TRANSACTION_TAKEN_BACK",
      cause: { code: "SQLITE_CONSTRAINT_PRIMARYKEY" },
    });
    expect(await db.em().fork().find(Note, {})).toMatchObject([{ id: 1 }]);
    await db
      .em()
      .fork()
      .transactional((em) => em.insert(Note, { id: 30, text: "the next one" }));
  });

  expect(await tenancy.run(acme, () => db.em().count(Note))).toBe(2);
  expect(await tenancy.run(globex, () => db.em().count(Note))).toBe(0);
});

it("keeps nothing either where that was in a transaction inside, whose error is told", async () => {
  const { db, tenancy, acme } = await startFleet();

  await tenancy.run(acme, async () => {
    await db.em().insert(Note, { id: 1, text: "there" });
    const done = db
      .em()
      .fork()
      .transactional(async (em) => {
        const inside = em.transactional((inner) => inner.execute(ending));
        await expect(inside).rejects.toThrow("UNIQUE constraint failed");
        await em.insert(Note, { id: 20, text: "after" }).catch(() => {});
      });

    await expect(done).rejects.toMatchObject({ code: "TRANSACTION_TAKEN_BACK" });
    expect(await db.em().fork().find(Note, {})).toMatchObject([{ id: 1 }]);
  });
});
