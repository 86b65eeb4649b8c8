import type { SqlEntityManager } from "@mikro-orm/sql";
import { describe, expect, it } from "vitest";
import { Note } from "./entities.ts";
import { startFleet } from "./fleet.ts";
import { cannotStart, withOwnServer } from "./own-server.ts";
import { missing } from "./server.ts";

describe.skipIf(missing)("a transaction that a deadlock has ended", () => {
  it("keeps nothing that comes after the deadlock, and cannot be committed", async () => {
    const { db, tenancy, acme, globex } = await startFleet();
    const attempts: Promise<unknown>[] = [];

    await tenancy.run(acme, async () => {
      const [one, other] = await crosswise(() => db.em().fork() as never, {
        first: (em, own) => em.insert(Note, { id: 10 + own, text: "before" }),
        async last(em, own) {
          await change(em, 2 - own).catch(() => {});
          const after = em.insert(Note, { id: 20 + own, text: "after" });
          attempts.push(after);
          await after.catch(() => {});
        },
      });

      const failed = one.status === "rejected" ? one : other;
      const kept = one.status === "rejected" ? 1 : 0;
      expect([one.status, other.status].sort()).toEqual(["fulfilled", "rejected"]);
      expect(failed).toMatchObject({
        reason: { code: "TRANSACTION_TAKEN_BACK", cause: { code: "ER_LOCK_DEADLOCK" } },
      });
      const notes = await db
        .em()
        .fork()
        .find(Note, {}, { orderBy: { id: 1 } });
      expect(notes.map(({ id }) => id)).toEqual([1, 2, 10 + kept, 20 + kept]);
    });

    const refused = (await Promise.allSettled(attempts)).filter(
      ({ status }) => status === "rejected",
    );
    expect(refused).toMatchObject([{ reason: { code: "TRANSACTION_TAKEN_BACK" } }]);
    expect(await tenancy.run(globex, () => db.em().count(Note))).toBe(0);
  });

  it("keeps nothing that comes after a row was found changed since the transaction read it", async () => {
    const { db, tenancy, acme } = await startFleet();

    await tenancy.run(acme, async () => {
      await db.em().insert(Note, { id: 1, text: "there" });
      const done = db
        .em()
        .fork()
        .transactional(async (em) => {
          await em.execute("set innodb_snapshot_isolation = on");
          await em.insert(Note, { id: 10, text: "before" });
          await em.find(Note, {});
          await change(db.em().fork() as never, 1);
          await change(em as never, 1).catch(() => {});
          await em.insert(Note, { id: 20, text: "after" }).catch(() => {});
        });

      await expect(done).rejects.toMatchObject({
        code: "TRANSACTION_TAKEN_BACK",
        cause: { code: "ER_CHECKREAD" },
      });
      expect(await db.em().fork().find(Note, {})).toMatchObject([{ id: 1 }]);
    });
  });

  it("fails with the deadlock where nobody caught it, also inside another transaction", async () => {
    const { db, tenancy, acme } = await startFleet();

    await tenancy.run(acme, async () => {
      const settled = await crosswise(() => db.em().fork() as never, {
        last: (em, own) => em.transactional((inner) => change(inner, 2 - own)),
      });

      expect(settled.filter(({ status }) => status === "rejected")).toMatchObject([
        { reason: { code: "ER_LOCK_DEADLOCK" } },
      ]);
      expect(await db.em().fork().count(Note)).toBe(2);
    });
  });
});

describe.skipIf(missing ?? cannotStart).each([
  ["ON", "TRANSACTION_TAKEN_BACK", [1]],
  ["OFF", "committed", [1, 10, 20]],
])("with innodb_rollback_on_timeout=%s", (setting, outcome, kept) => {
  const connection = withOwnServer(
    `--innodb-rollback-on-timeout=${setting}`,
    "--innodb-lock-wait-timeout=1",
  );

  it("tells what is kept of a transaction that waited too long for a lock", async () => {
    const { db, tenancy, acme } = await startFleet({ connection });

    await tenancy.run(acme, async () => {
      await db.em().insert(Note, { id: 1, text: "there" });
      const holder = db.em().fork();
      await holder.begin();
      await change(holder as never, 1);
      const done = db
        .em()
        .fork()
        .transactional(async (em) => {
          await em.insert(Note, { id: 10, text: "before" });
          await change(em as never, 1).catch(() => {});
          await em.insert(Note, { id: 20, text: "after" }).catch(() => {});
        })
        .then(
          () => "committed",
          ({ code }) => code,
        );

      expect(await done).toBe(outcome);
      await holder.rollback();
      const notes = await db
        .em()
        .fork()
        .find(Note, {}, { orderBy: { id: 1 } });
      expect(notes.map(({ id }) => id)).toEqual(kept);
    });
  });
});

interface Crossing {
  first?(em: SqlEntityManager, own: 0 | 1): Promise<unknown>;
  last(em: SqlEntityManager, own: 0 | 1): Promise<unknown>;
}

/** Has two transactions change a row each, `own` + 1, and then `last`, which is to go for the other one's. */
async function crosswise(fork: () => SqlEntityManager, { first, last }: Crossing) {
  await fork().insertMany(
    Note,
    [1, 2].map((id) => ({ id, text: "there" })),
  );
  const both = [Promise.withResolvers<void>(), Promise.withResolvers<void>()] as const;
  const cross = (own: 0 | 1) =>
    fork().transactional(async (em) => {
      await first?.(em, own);
      await change(em, 1 + own);
      both[own].resolve();
      await both[(1 - own) as 0 | 1].promise;
      await last(em, own);
    });
  return Promise.allSettled([cross(0), cross(1)]);
}

/** Writes to a row, which locks it. */
async function change(em: SqlEntityManager, id: number): Promise<void> {
  await em.nativeUpdate(Note, { id }, { text: `of ${Math.random()}` });
}
