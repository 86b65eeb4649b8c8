import { renameSync, unlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { DatabaseMismatchError, DatabaseUnavailableError } from "@af-tenancy/database";
import type { SqlEntityManager } from "@mikro-orm/sqlite";
import { expect, it } from "vitest";
import { FileWatch } from "../src/file-watch.ts";
import { Note } from "./entities.ts";
import { type Fleet, startFleet } from "./fleet.ts";
import { temporaryFolder } from "./temporary-folder.ts";

it.each<[string, (path: string) => void]>([
  ["deleted", (path) => unlinkSync(path)],
  ["moved", (path) => renameSync(path, `${path}.away`)],
  [
    "replaced",
    (path) => {
      writeFileSync(`${path}.new`, "");
      renameSync(`${path}.new`, path);
    },
  ],
])("finds out that a file was %s", (_, change) => {
  const path = join(temporaryFolder(), "file");
  writeFileSync(path, "");
  let lost = 0;
  const watch = new FileWatch(path, "file");
  watch.onLost(() => lost++);
  watch.look();
  change(path);

  expect(() => watch.look()).toThrow(DatabaseUnavailableError);
  expect(lost).toBe(1);
});

it.each<[string, (em: SqlEntityManager, id: number) => Promise<unknown>]>([
  ["a write", (em, id) => em.insert(Note, { id, text: "some" })],
  [
    "Kysely's write",
    (em, id) =>
      em
        .getKysely<{ note: { id: number; text: string } }>()
        .insertInto("note")
        .values({ id, text: "some" })
        .execute(),
  ],
])(
  "answers 503 for %s into a file that was deleted under it, and for the next query",
  async (_, writeWith) => {
    const fleet = await startFleet();
    const { db, tenancy, acme } = fleet;
    await tenancy.run(acme, () => db.em().insert(Note, { id: 1, text: "one" }));
    unlinkSync(pathOf(fleet, acme));

    const write = () => tenancy.run(acme, () => writeWith(db.em(), 2));

    await expect(write()).rejects.toMatchObject({ code: "DATABASE_UNAVAILABLE", status: 503 });
    await expect(write()).rejects.toMatchObject({ code: "DATABASE_NOT_READY", status: 503 });
  },
);

it("serves again once the file is back, and no other tenant's in its place", async () => {
  const fleet = await startFleet();
  const { db, tenancy, acme, globex } = fleet;
  const write = (id: number) =>
    tenancy.run(acme, () => db.em().insert(Note, { id, text: `${id}` }));
  await write(1);
  const [own, other] = [pathOf(fleet, acme), pathOf(fleet, globex)];
  renameSync(own, `${own}.away`);
  await expect(write(2)).rejects.toThrow(DatabaseUnavailableError);

  renameSync(other, own);
  await expect(write(2)).rejects.toThrow(DatabaseMismatchError);
  renameSync(`${own}.away`, own);
  await write(2);

  expect(await tenancy.run(acme, () => db.em().count(Note))).toBe(2);
});

function pathOf({ folder }: Fleet, { placement }: Fleet["acme"]): string {
  return join(folder, `${placement?.name}.sqlite`);
}
