import { setTimeout as sleep } from "node:timers/promises";
import { ContextEndedError } from "@af-tenancy/core";
import { TransactionOverError, UnscopedSqlError } from "@af-tenancy/database";
import type { SqlEntityManager } from "@mikro-orm/sqlite";
import { expect, it } from "vitest";
import { Note } from "./entities.ts";
import { type Fleet, startFleet } from "./fleet.ts";
import { openFiles } from "./open-files.ts";

const uses: [string, (em: SqlEntityManager) => Promise<unknown>][] = [
  ["find", (em) => em.find(Note, {})],
  ["count", (em) => em.count(Note, {})],
  ["flush", (em) => em.persist(em.create(Note, { id: 2, text: "late" })).flush()],
  ["insert", (em) => em.insert(Note, { id: 2, text: "late" })],
  ["nativeUpdate", (em) => em.nativeUpdate(Note, {}, { text: "late" })],
  ["a query builder", (em) => em.createQueryBuilder(Note).update({ text: "late" }).execute()],
  ["raw SQL", (em) => em.execute("update note set text = 'late'")],
  [
    "raw SQL on the connection",
    (em) => em.getConnection().execute("update note set text = 'late'"),
  ],
  ["raw SQL on the driver", (em) => em.getDriver().execute("update note set text = 'late'")],
  [
    "Kysely",
    (em) =>
      em
        .getKysely<{ note: { text: string } }>()
        .updateTable("note")
        .set({ text: "late" })
        .execute(),
  ],
  [
    "a Kysely transaction",
    (em) =>
      em
        .getKysely<{ note: { text: string } }>()
        .transaction()
        .execute((kysely) => kysely.updateTable("note").set({ text: "late" }).execute()),
  ],
  [
    "a transaction",
    (em) => em.transactional((inner) => inner.nativeUpdate(Note, {}, { text: "late" })),
  ],
  ["begin", (em) => em.begin()],
  ["a stream", async (em) => collect(em.stream(Note))],
  ["a fork", (em) => em.fork().find(Note, {})],
  ["a repository", (em) => em.getRepository(Note).findAll()],
];

it.each(uses)("F006: %s of an ended scope is refused and nothing is sent", async (_, use) => {
  const fleet = await startFleet();
  const { db, tenancy, acme } = fleet;
  const em = await tenancy.run(acme, async () => {
    await db.em().insert(Note, { id: 1, text: "in time" });
    return db.em();
  });

  await expect(use(em)).rejects.toThrow(ContextEndedError);

  expect(await texts(fleet)).toEqual(["in time"]);
});

it.each(uses)(
  "F006: %s is refused after the end although nothing was asked before it",
  async (_, use) => {
    const { db, tenancy, acme, folder } = await startFleet();
    await db.close?.();
    await db.start?.();
    const em = await tenancy.run(acme, () => db.em());

    await expect(use(em)).rejects.toThrow(ContextEndedError);

    expect(openFiles(folder)).toEqual([]);
  },
);

/** Those that go where the transaction went; the others begin anew. */
const inside = uses.filter(
  ([way]) => !/connection|driver|fork|Kysely transaction|^begin/.test(way),
);

it.each(inside)(
  "F006: %s of a manager that was kept beyond its transaction is refused, and so after the scope",
  async (_, use) => {
    const fleet = await startFleet();
    const { db, tenancy, acme } = fleet;

    const kept = await tenancy.run(acme, async () => {
      await db.em().insert(Note, { id: 1, text: "in time" });
      const em = await db.em().transactional(async (inner) => inner);
      await expect((async () => use(em))()).rejects.toThrow(TransactionOverError);
      return em;
    });

    await expect((async () => use(kept))()).rejects.toThrow(ContextEndedError);
    expect(await texts(fleet)).toEqual(["in time"]);
  },
);

it("waits with the end for a transaction that nobody awaits", async () => {
  const fleet = await startFleet();
  const { db, tenancy, acme } = fleet;
  let finished = false;

  await tenancy.run(acme, async () => {
    await new Promise<void>((begun) => {
      void db.em().transactional(async (em) => {
        await em.insert(Note, { id: 1, text: "begun in time" });
        begun();
        await new Promise((resolve) => setTimeout(resolve, 20));
        await em.insert(Note, { id: 2, text: "finished" });
        finished = true;
      });
    });
  });

  expect(finished).toBe(true);
  expect(await texts(fleet)).toEqual(["begun in time", "finished"]);
});

it("keeps the lease of a stream until the stream ends", async () => {
  const fleet = await startFleet();
  const { db, tenancy, acme } = fleet;
  await tenancy.run(acme, () => db.em().insertMany(Note, [note(1), note(2), note(3)]));

  const read = await tenancy.run(acme, async () => {
    const ids: number[] = [];
    for await (const { id } of db.em().stream(Note)) {
      ids.push(id);
      if (id === 2) break;
    }
    await db.em().insert(Note, note(4));
    return ids;
  });

  expect(read).toEqual([1, 2]);
  expect(await texts(fleet)).toHaveLength(4);
});

it("F091: refuses what reaches past the tenant's connection", async () => {
  const { db, tenancy, acme, globex, folder } = await startFleet();
  const other = `${folder}/${globex.placement?.name}.sqlite`;

  for (const use of [
    () => db.em().execute(`attach '${other}' as other`),
    () => db.em().execute(`/* hidden */ -- twice\n;ATTACH DATABASE '${other}' AS other`),
    () => db.em().execute(`vacuum into '${folder}/copy.sqlite'`),
    () => collect(db.em().getConnection().stream(`attach '${other}' as other`)),
    () => db.em().getConnection().getNativeClient(),
    () => db.em().getConnection().executeDump("select 1"),
  ]) {
    await expect(tenancy.run(acme, async () => use())).rejects.toThrow(UnscopedSqlError);
  }
});

async function collect<V>(values: AsyncIterable<V>): Promise<readonly V[]> {
  const collected: V[] = [];
  for await (const value of values) collected.push(value);
  return collected;
}

function note(id: number) {
  return { id, text: `note ${id}` };
}

async function texts({ db, tenancy, acme }: Fleet): Promise<readonly string[]> {
  const notes = await tenancy.run(acme, () => db.em().find(Note, {}, { orderBy: { id: 1 } }));
  return notes.map(({ text }) => text);
}

it("F080: says so when a stream was cut off, and never ends it as if it were whole", async () => {
  const fleet = await startFleet({ checkoutDeadline: 300 });
  const { db, tenancy, acme } = fleet;
  await tenancy.run(acme, () => db.em().insertMany(Note, [note(1), note(2), note(3)]));
  const read: number[] = [];

  const run = tenancy.run(acme, async () => {
    for await (const { id } of db.em().stream(Note)) {
      read.push(id);
      await sleep(1_000);
    }
  });

  await expect(run).rejects.toThrow();
  expect(read).toEqual([1]);
});

it("F080: gives a typed error to a transaction that was out longer than it may be", async () => {
  const { db, tenancy, acme } = await startFleet({ checkoutDeadline: 300 });

  const run = tenancy.run(acme, () =>
    db.em().transactional(async (em) => {
      await sleep(1_000);
      await em.insert(Note, note(1));
    }),
  );

  await expect(run).rejects.toMatchObject({ code: "DATABASE_UNAVAILABLE" });
  expect(await tenancy.run(acme, () => db.em().count(Note))).toBe(0);
});

it("lets timers and other tenants in between the queries of a loop", async () => {
  const { db, tenancy, acme, globex } = await startFleet();
  let wanted = false;
  setTimeout(() => (wanted = true), 1);
  let queries = 0;
  while (!wanted && queries < 5_000) {
    await tenancy.run(acme, () => db.em().count(Note));
    queries += 1;
  }

  expect(wanted).toBe(true);
  expect(await tenancy.run(globex, () => db.em().count(Note))).toBe(0);
});

it("what goes on longer than the grace of a close writes nothing after it, and opens no file again", async () => {
  const { db, folder, tenancy, acme, globex } = await startFleet({ graceMs: 1 });
  const [begun, closed] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
  const late: unknown[] = [];
  const write = () => db.em().insert(Note, { id: 1, text: "late" });
  const running = tenancy.run(acme, async () => {
    await db.em().count(Note, {});
    begun.resolve();
    await closed.promise;
    late.push(await write().catch((error: unknown) => error));
    late.push(await tenancy.runForEach([globex], write).catch((error: unknown) => error));
  });
  await begun.promise;

  await tenancy.close();
  closed.resolve();
  await running;

  expect(late).toMatchObject([{ code: "TENANCY_CLOSED" }, { code: "TENANCY_CLOSED" }]);
  expect(openFiles(folder)).toEqual([]);
});
