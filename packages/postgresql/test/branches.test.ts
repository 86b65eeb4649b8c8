import { expect, it } from "vitest";
import { Note } from "./entities.ts";
import { startFleet } from "./fleet.ts";

it("keeps nothing that a branch of a failed transaction sends while it is taken back", async () => {
  const { db, tenancy, acme, globex } = await startFleet();

  await tenancy.run(acme, async () => {
    let branch: Promise<unknown> = Promise.resolve();
    const done = db
      .em()
      .fork()
      .transactional(async (em) => {
        branch = em
          .execute("select pg_sleep(0.05)")
          .then(() => em.execute("insert into note (id, text) values (1, 'late')"));
        branch.catch(() => undefined);
        throw new Error("the other branch fails");
      });

    await expect(done).rejects.toThrow("the other branch fails");
    await expect(branch).rejects.toMatchObject({ code: "TRANSACTION_OVER" });
    expect(await db.em().fork().count(Note)).toBe(0);
  });

  expect(await tenancy.run(globex, () => db.em().count(Note))).toBe(0);
});
