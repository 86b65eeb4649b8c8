import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import { expect, it } from "vitest";
import { sqliteFiles } from "../src/sqlite-files.ts";
import { Note } from "./entities.ts";
import { type Fleet, startFleet } from "./fleet.ts";

it.each<[string, (fleet: Fleet) => Promise<number>]>([
  ["a query", ({ db }) => db.em().count(Note)],
  ["a query of db.readOnly()", ({ db }) => db.readOnly().count(Note)],
  ["a stream", streamed],
  ["a stream in a transaction", (fleet) => fleet.db.em().transactional(() => streamed(fleet))],
  ["a transaction", ({ db }) => db.em().transactional((em) => em.count(Note))],
  [
    "a transaction that only reads",
    ({ db }) => db.em().transactional((em) => em.count(Note), { readOnly: true }),
  ],
])("waits with %s until nobody else has the file locked", async (_, read) => {
  const fleet = await startFleet();
  const { tenancy, acme, db, folder } = fleet;
  await tenancy.run(acme, () => db.em().insert(Note, { id: 1, text: "one" }));
  const path = join(folder, `${acme.placement?.name}.sqlite`);
  const other = sqliteFiles().open(path, { mustExist: true });
  other.exec("begin exclusive; insert into note (id, text) values (2, 'two')");

  const reading = tenancy.run(acme, () => read(fleet));
  await setTimeout(100);
  other.exec("commit");
  other.close();

  expect(await reading).toBe(2);
});

it("lets a transaction that only reads see what was there when it began", async () => {
  const { tenancy, acme, db, folder } = await startFleet({ journalMode: "wal" });
  const path = join(folder, `${acme.placement?.name}.sqlite`);
  const other = sqliteFiles().open(path, { mustExist: true });

  const found = await tenancy.run(acme, () =>
    db.em().transactional(
      (em) => {
        other.exec("insert into note (id, text) values (1, 'later')");
        other.close();
        return em.count(Note);
      },
      { readOnly: true },
    ),
  );

  expect(found).toBe(0);
});

async function streamed({ db }: Fleet): Promise<number> {
  let notes = 0;
  for await (const _ of db.em().stream(Note)) notes += 1;
  return notes;
}
