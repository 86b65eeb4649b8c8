import { expect, it } from "vitest";
import { Note } from "./entities.ts";
import { startFleet } from "./fleet.ts";

it("keeps nothing that a branch of a failed transaction sends while it is taken back", async () => {
  const { db, tenancy, acme, globex } = await startFleet();
  let id = 0;

  await tenancy.run(acme, async () => {
    let branch: Promise<unknown> = Promise.resolve();
    const done = db
      .em()
      .fork()
      .transactional(async (em) => {
        branch = (async () => {
          for (;;) await em.execute(`insert into note (id, text) values (${++id}, 'one more')`);
        })();
        branch.catch(() => undefined);
        await em.execute("select 1");
        throw new Error("the other branch fails");
      });

    await expect(done).rejects.toThrow("the other branch fails");
    await expect(branch).rejects.toMatchObject({ code: "TRANSACTION_OVER" });
    expect(await db.em().fork().count(Note)).toBe(0);
  });

  expect(id).toBeGreaterThan(1);
  expect(await tenancy.run(globex, () => db.em().count(Note))).toBe(0);
});

it("keeps apart what comes a moment after a transaction was taken back", async () => {
  const { db, tenancy, acme } = await startFleet();
  const answers = new Set<unknown>();

  await tenancy.run(acme, async () => {
    for (let moments = 0; moments < 100; moments += 1) {
      let late: Promise<unknown> = Promise.resolve();
      const done = db
        .em()
        .fork()
        .transactional(async (em) => {
          late = (async () => {
            for (let moment = 0; moment < moments; moment += 1) await null;
            await em.execute(`insert into note (id, text) values (${moments}, 'late')`);
          })();
          late = late.catch((error) => answers.add(error.code));
          throw new Error("taken back");
        });
      await expect(done).rejects.toThrow("taken back");
      await late;
    }

    expect(answers).toContain("TRANSACTION_OVER");
    expect(await db.em().fork().count(Note)).toBe(0);
  });
});

it("goes on with a connection that was held for more than its transaction", async () => {
  const { db, tenancy, acme } = await startFleet();

  await tenancy.run(acme, () =>
    db
      .em()
      .getKysely<{ readonly note: { readonly id: number; readonly text: string } }>()
      .connection()
      .execute(async (held) => {
        await held
          .transaction()
          .execute((all) => all.insertInto("note").values({ id: 1, text: "in it" }).execute());
        await held.insertInto("note").values({ id: 2, text: "after it" }).execute();
      }),
  );

  expect(await tenancy.run(acme, () => db.em().count(Note))).toBe(2);
});
