import { setTimeout as sleep } from "node:timers/promises";
import { ContextEndedError } from "@af-tenancy/core";
import { StreamEndedError, TransactionLeftOpenError } from "@af-tenancy/database";
import type { SqlEntityManager } from "@mikro-orm/sqlite";
import { expect, it } from "vitest";
import { Note } from "./entities.ts";
import { type Fleet, startFleet } from "./fleet.ts";
import { openFiles } from "./open-files.ts";

const beginning: [string, (em: SqlEntityManager, reader: SqlEntityManager) => Promise<unknown>][] =
  [
    ["begin()", (em) => em.begin()],
    ["a fork's begin()", (em) => em.fork().begin()],
    ["a reader's begin()", (_, reader) => reader.fork().begin()],
    ["Kysely's startTransaction()", (em) => em.getKysely().startTransaction().execute()],
  ];

it.each(beginning)("F080: gives at once what a scope threw after %s", async (_, begin) => {
  const fleet = await started();
  const { db, tenancy, acme } = fleet;

  const run = tenancy.run(acme, async () => {
    await begin(db.em(), db.readOnly());
    throw new RangeError("the application's own");
  });

  await expect(run).rejects.toThrow(new RangeError("the application's own"));
  await expectWhole(fleet);
});

it.each(beginning)("F080: fails a scope that returns after %s, and says why", async (_, begin) => {
  const fleet = await started();
  const { db, tenancy, acme } = fleet;

  const run = tenancy.run(acme, () => begin(db.em(), db.readOnly()));

  await expect(run).rejects.toThrow(TransactionLeftOpenError);
  await expectWhole(fleet);
});

it("F081: takes back what was written in a transaction that nobody ended", async () => {
  const fleet = await started();
  const { db, tenancy, acme } = fleet;
  let late: SqlEntityManager | undefined;

  const run = tenancy.scope(async () => {
    await tenancy.initialize(acme);
    late = db.em();
    await late.begin();
    await late.insert(Note, { id: 2, text: "never" });
  });

  await expect(run).rejects.toThrow(TransactionLeftOpenError);
  await expect(late?.commit()).rejects.toThrow(ContextEndedError);
  await expectWhole(fleet);
});

it("F081: does not take back another scope's transaction where a late user rolls back", async () => {
  const fleet = await started();
  const { db, tenancy, acme } = fleet;
  let late: SqlEntityManager | undefined;
  const run = tenancy.run(acme, async () => {
    late = db.em();
    await late.begin();
  });
  await expect(run).rejects.toThrow(TransactionLeftOpenError);

  await tenancy.run(acme, () =>
    db.em().transactional(async (em) => {
      await em.insert(Note, { id: 2, text: "kept" });
      await late?.rollback();
    }),
  );

  await tenancy.run(acme, async () => expect(await db.em().count(Note, {})).toBe(2));
});

it("leaves a transaction alone that background work will end", async () => {
  const { db, tenancy, acme } = await started();

  await tenancy.run(acme, async () => {
    await db.em().begin();
    tenancy.waitUntil(
      sleep(20).then(async () => {
        await db.em().insert(Note, { id: 2, text: "in time" });
        await db.em().commit();
      }),
    );
  });

  await tenancy.run(acme, async () => expect(await db.em().count(Note, {})).toBe(2));
});

it("leaves Kysely's own transactions alone, which end by themselves", async () => {
  const { db, tenancy, acme } = await started();

  await tenancy.run(acme, async () => {
    await new Promise<void>((begun) => {
      void db
        .em()
        .getKysely<{ note: { id: number; text: string } }>()
        .transaction()
        .execute(async (kysely) => {
          begun();
          await sleep(20);
          await kysely.insertInto("note").values({ id: 2, text: "in time" }).execute();
        });
    });
  });

  await tenancy.run(acme, async () => expect(await db.em().count(Note, {})).toBe(2));
});

it("ends a stream that nobody reads on with its scope", async () => {
  const fleet = await started();
  const { db, tenancy, acme, folder } = fleet;
  let stream: AsyncIterator<unknown> | undefined;

  await tenancy.run(acme, async () => {
    stream = db.em().stream(Note)[Symbol.asyncIterator]();
    await stream.next();
  });

  await expect(stream?.next()).rejects.toThrow(ContextEndedError);
  await expectWhole(fleet);
  await tenancy.close();
  expect(openFiles(folder)).toEqual([]);
});

it("ends a stream that nobody reads on with its transaction", async () => {
  const fleet = await started();
  const { db, tenancy, acme } = fleet;

  await tenancy.run(acme, async () => {
    await db.em().insert(Note, { id: 2, text: "more" });
    const stream = await db.em().transactional(async (em) => {
      const notes = em.stream(Note)[Symbol.asyncIterator]();
      await notes.next();
      return notes;
    });
    await expect(stream.next()).rejects.toThrow(StreamEndedError);
    await db.em().nativeDelete(Note, { id: 2 });
  });

  await expectWhole(fleet);
});

it("F080: closes the file of a stream that is not read on while its scope is not over", async () => {
  const { db, tenancy, acme, folder } = await started(50);
  const over = Promise.withResolvers<void>();
  const reading = Promise.withResolvers<void>();
  const running = tenancy.run(acme, async () => {
    await db.em().stream(Note)[Symbol.asyncIterator]().next();
    reading.resolve();
    await over.promise;
  });
  await reading.promise;
  const close = db.close?.bind(db);

  await expect.poll(() => db.stats()[0]?.leased).toBe(0);
  await close?.();

  expect(openFiles(folder)).toEqual([]);
  over.resolve();
  await running;
});

/** A fleet of which each tenant has a note with the same key; no test waits for the deadline that is not about it. */
async function started(checkoutDeadline = 60_000): Promise<Fleet> {
  const fleet = await startFleet({ checkoutDeadline });
  const { db, tenancy, acme, globex } = fleet;
  for (const tenant of [acme, globex]) {
    await tenancy.run(tenant, () => db.em().insert(Note, { id: 1, text: tenant.slug }));
  }
  return fleet;
}

async function expectWhole({ db, tenancy, acme, globex }: Fleet): Promise<void> {
  expect(db.stats()).toMatchObject([{ leased: 0, waiting: 0 }]);
  for (const tenant of [globex, acme]) {
    const notes = await tenancy.run(tenant, () => db.em().findAll(Note));
    expect(notes.map(({ text }) => text)).toEqual([tenant.slug]);
  }
}
