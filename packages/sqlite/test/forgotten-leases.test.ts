import type { SqlEntityManager } from "@mikro-orm/sqlite";
import { expect, it } from "vitest";
import { Note } from "./entities.ts";
import { startFleet } from "./fleet.ts";

const forgetting: [string, (em: SqlEntityManager, reader: SqlEntityManager) => Promise<unknown>][] =
  [
    ["a transaction of begin()", (em) => em.begin()],
    ["a reader's transaction of begin()", (_, reader) => reader.begin()],
  ];

it.each(forgetting)("F080: ends a scope that forgot %s, with what it threw", async (_, forget) => {
  const { db, tenancy, acme, globex } = await startFleet({ checkoutDeadline: 100 });
  for (const tenant of [acme, globex]) {
    await tenancy.run(tenant, () => db.em().insert(Note, { id: 1, text: tenant.slug }));
  }

  const run = tenancy.run(acme, async () => {
    await forget(db.em().fork(), db.readOnly().fork());
    throw new RangeError("the application's own");
  });
  await expect(run).rejects.toThrow("the application's own");

  for (const tenant of [globex, acme]) {
    const notes = await tenancy.run(tenant, () => db.em().findAll(Note));
    expect(notes.map(({ text }) => text)).toEqual([tenant.slug]);
  }
  expect(db.stats()).toMatchObject([{ leased: 0, waiting: 0 }]);
});
