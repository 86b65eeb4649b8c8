import { createReadStream, createWriteStream } from "node:fs";
import { createTenancy } from "@af-tenancy/core";
import { provisioning } from "@af-tenancy/provisioning";
import { sqlite, sqliteRegistry } from "@af-tenancy/sqlite";
import { defineEntity, p } from "@mikro-orm/sqlite";
import { expect, it, onTestFinished } from "vitest";
import { temporaryFolder } from "./temporary-folder.ts";

const Note = defineEntity({
  name: "Note",
  properties: { id: p.integer().primary(), text: p.string() },
});

it("S038, S040: takes data out, puts it in, and copies it to another tenant", async () => {
  const folder = await temporaryFolder();
  const db = sqlite({ folder, entities: [Note] });
  const registry = sqliteRegistry({ file: `${folder}/registry.sqlite` });
  const tenancy = createTenancy({ registry, databases: db, provisioning: provisioning() });
  await tenancy.start();
  onTestFinished(() => tenancy.close());
  const acme = await tenancy.tenants.create({ slug: "acme" });
  const globex = await tenancy.tenants.create({ slug: "globex" });
  await tenancy.run(acme, () => db.em().insert(Note, { id: 1, text: "=1+1" }));

  // #region export
  await tenancy.run(acme, async () => {
    await db.data.export({ format: "jsonl", to: createWriteStream(`${folder}/acme.jsonl`) });
    await db.data.export({
      format: "csv",
      to: (entity) => createWriteStream(`${folder}/${entity}.csv`), // a file for each entity
    });
  });
  // #endregion
  // #region import
  const { rows, issues } = await tenancy.run(globex, () =>
    db.data.import({
      format: "csv",
      entity: Note,
      from: createReadStream(`${folder}/Note.csv`),
      onInvalid: "skip", // tells such rows and goes on; "stop" imports nothing
      validate: (_entity, { text }) => (text === "" ? "a note has a text" : undefined),
      onIssue: ({ line, column, code, message }) => tell(`${line} ${column} ${code} ${message}`),
    }),
  );
  // #endregion
  // #region copy
  await db.data.copy({
    from: acme,
    to: globex,
    entities: [Note], // all of the tenant's when absent
    where: { Note: { text: { $like: "=%" } } },
    onConflict: "skip", // a row whose key is there stays as it is
  });
  // #endregion

  expect([rows, issues]).toEqual([
    { Note: { inserted: 1, updated: 0, skipped: 0, invalid: 0 } },
    [],
  ]);
  expect(await tenancy.run(globex, () => db.em().findAll(Note))).toMatchObject([{ text: "=1+1" }]);
});

function tell(what: string): void {
  expect(what).toBe("");
}
