import { AsyncResource } from "node:async_hooks";
import type { Placement } from "@af-tenancy/core";
import { ConnectionHeldError } from "@af-tenancy/database";
import {
  type EventArgs,
  type EventSubscriber,
  type SqlEntityManager,
  TransactionPropagation,
} from "@mikro-orm/sqlite";
import { expect, it } from "vitest";
import { Note } from "./entities.ts";
import { type Fleet, startFleet } from "./fleet.ts";

interface Tables {
  readonly note: { readonly id: number };
}

/** Longer than a test may take: whoever waits for a connection fails the test. */
const maxWait = 600_000;

it.each<[string, (fleet: Fleet) => Promise<unknown>]>([
  ["a fork", ({ db }) => db.em().fork().findAll(Note)],
  [
    "a fork's transaction",
    ({ db }) =>
      db
        .em()
        .fork()
        .transactional(async () => {}),
  ],
  ["a fork's flush", ({ db }) => db.em().fork().persist(note(db)).flush()],
  [
    "Kysely of a fork",
    ({ db }) => db.em().fork().getKysely<Tables>().selectFrom("note").select("id").execute(),
  ],
  ["a stream of a fork", ({ db }) => first(db.em().fork().stream(Note))],
  [
    "a transaction of its own",
    ({ db }) =>
      db.em().transactional(async () => {}, { propagation: TransactionPropagation.REQUIRES_NEW }),
  ],
  [
    "another scope of the tenant",
    ({ db, tenancy, acme }) =>
      tenancy.central(() => tenancy.run(acme, () => db.em().findAll(Note))),
  ],
  [
    "another scope of the tenant inside another tenant",
    ({ db, tenancy, acme, globex }) =>
      tenancy.run(globex, () => tenancy.run(acme, () => db.em().findAll(Note))),
  ],
  [
    "another scope of the tenant inside another tenant's transaction",
    ({ db, tenancy, acme, globex }) =>
      tenancy.run(globex, () =>
        db.em().transactional(() => tenancy.run(acme, () => db.em().findAll(Note))),
      ),
  ],
  [
    "one of several branches",
    ({ db }) =>
      Promise.all([db.em().findAll(Note), db.em().fork().findAll(Note), db.em().count(Note)]),
  ],
])("F014: inside a transaction, %s throws at once and does not wait for itself", async (_, ask) => {
  const fleet = await startFleet({ maxWait });
  const { db, tenancy, acme } = fleet;

  await tenancy.run(acme, async () => {
    const asked = await db.em().transactional(async (em) => {
      await em.insert(Note, { id: 1, text: "kept" });
      return ask(fleet).catch((error: unknown) => error);
    });

    expect(asked).toBeInstanceOf(ConnectionHeldError);
    expect(await db.em().count(Note)).toBe(1);
  });
});

it.each<[string, (fleet: Fleet, ask: () => Promise<unknown>) => Promise<unknown>]>([
  ["Kysely's transaction", ({ db }, ask) => db.em().getKysely().transaction().execute(ask)],
  [
    "Kysely's transaction with settings",
    ({ db }, ask) => db.em().getKysely().transaction().setAccessMode("read write").execute(ask),
  ],
  ["a transaction of the connection", ({ db }, ask) => db.em().getConnection().transactional(ask)],
])("F014: %s is one too", async (_, transact) => {
  const fleet = await startFleet({ maxWait });
  const { db, tenancy, acme } = fleet;

  const asked = tenancy.run(acme, async () => {
    await transact(fleet, () => db.em().findAll(Note));
  });

  await expect(asked).rejects.toThrow(ConnectionHeldError);
});

it("F014: a subscriber's query inside a flush throws at once as well", async () => {
  const { db, tenancy, acme } = await startFleet({ maxWait });
  class Counting implements EventSubscriber {
    async afterCreate({ em }: EventArgs<object>) {
      await em.fork().count(Note);
    }
  }

  const flushed = tenancy.run(acme, async () => {
    const em = db.em().fork({ freshEventManager: true });
    em.getEventManager().registerSubscriber(new Counting());
    await em.persist(em.create(Note, { id: 1, text: "one" })).flush();
  });

  await expect(flushed).rejects.toThrow(ConnectionHeldError);
  expect(await tenancy.run(acme, () => db.em().count(Note))).toBe(0);
});

it("lets other scopes, other tenants and what comes after a transaction have their turn", async () => {
  const { db, tenancy, acme, globex } = await startFleet();
  const count = () => db.em().fork().count(Note);
  let later: (() => Promise<number>) | undefined;

  const beside = await tenancy.run(acme, () =>
    Promise.all([
      db.em().transactional(async (em) => {
        await em.insert(Note, { id: 1, text: "one" });
        later = AsyncResource.bind(count);
        return tenancy.run(globex, () => db.em().transactional(() => db.em().count(Note)));
      }),
      count(),
      tenancy.run(acme, count),
    ]),
  );
  const after = await tenancy.run(acme, async () => {
    await db.em().transactional(async () => {
      later = AsyncResource.bind(count);
    });
    return later?.();
  });

  expect(beside).toEqual([0, 1, 1]);
  expect(after).toBe(1);
});

it("keeps what a refused second connection has nothing to do with", async () => {
  const { db, tenancy, acme } = await startFleet({ maxWait });

  await tenancy.run(acme, () =>
    db.em().transactional(async (em) => {
      expect(tenancy.run(acme, () => db.em())).toBe(em);
      await em.transactional((nested) => nested.insert(Note, { id: 1, text: "nested" }));
      await expect(em.fork().count(Note)).rejects.toThrow("db.em() in the same scope");
      await Promise.all([em.insert(Note, { id: 2, text: "two" }), em.count(Note)]);
      await em.getKysely<Tables>().selectFrom("note").select("id").execute();
      for await (const { id } of em.stream(Note)) expect(id).toBeGreaterThan(0);
    }),
  );

  expect(await tenancy.run(acme, () => db.em().count(Note))).toBe(2);
});

it.each<[string, (em: SqlEntityManager) => Promise<unknown>]>([
  ["commits", async () => {}],
  ["reads on", (em) => em.findAll(Note)],
  ["writes on", (em) => em.insert(Note, { id: 2, text: "two" })],
  ["begins another inside", (em) => em.transactional((inner) => inner.findAll(Note))],
])("is refused by a typed error when it drops its own tenant and then %s", async (_, goOn) => {
  const { db, tenancy, acme, globex } = await startFleet({ maxWait: 300 });
  const placement = acme.placement as Placement;

  const working = tenancy.run(acme, () =>
    db.em().transactional(async (em) => {
      await em.insert(Note, { id: 1, text: "one" });
      await db.manager(placement).drop({ tenantId: acme.id, placement });
      await goOn(em);
    }),
  );

  await expect(working).rejects.toMatchObject({ code: "DATABASE_UNAVAILABLE" });
  const again = tenancy.run(acme, () => db.em().findAll(Note));
  await expect(again).rejects.toMatchObject({ code: "DATABASE_NOT_READY" });
  expect(await tenancy.run(globex, () => db.em().count(Note))).toBe(0);
});

function note(db: Fleet["db"]) {
  return db.em().fork().create(Note, { id: 9, text: "nine" });
}

async function first(rows: AsyncIterable<unknown>): Promise<unknown> {
  for await (const row of rows) return row;
  return undefined;
}
