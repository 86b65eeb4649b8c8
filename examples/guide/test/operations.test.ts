import { readdirSync } from "node:fs";
import { cp, rename } from "node:fs/promises";
import { createTenancy } from "@af-tenancy/core";
import { provisioning } from "@af-tenancy/provisioning";
import { sqlite, sqliteRegistry } from "@af-tenancy/sqlite";
import { expect, it, onTestFinished } from "vitest";
import { Note } from "../src/note.ts";
import { temporaryFolder } from "./temporary-folder.ts";

it("restores all tenants from a copy of the folder, and refuses files that were swapped", async () => {
  const folder = await temporaryFolder();
  const before = await open(`${folder}/data`);
  const acme = await before.tenancy.tenants.create({ slug: "acme" });
  const globex = await before.tenancy.tenants.create({ slug: "globex" });
  await before.tenancy.run(acme, async () => {
    before.db.em().create(Note, { text: "Hello" });
    await before.db.em().flush();
  });
  await before.tenancy.close();
  const files = [
    readdirSync(`${folder}/data`).sort(),
    readdirSync(`${folder}/data/tenants`).sort(),
  ];

  await cp(`${folder}/data`, `${folder}/copy`, { recursive: true });
  const restored = await open(`${folder}/copy`);
  const notes = await restored.tenancy.run(acme, async () => restored.db.em().findAll(Note));
  await restored.tenancy.close();
  const fileOf = ({ placement }: typeof acme) => `${folder}/data/tenants/${placement?.name}.sqlite`;
  await rename(fileOf(acme), `${folder}/aside`);
  await rename(fileOf(globex), fileOf(acme));
  const swapped = await open(`${folder}/data`);
  const refused = swapped.tenancy.run(acme, async () => swapped.db.em().findAll(Note));

  const tenantFile = expect.stringMatching(/^t_[0-9a-f]{32}_g1\.sqlite$/);
  expect(files).toEqual([
    ["registry.sqlite", "tenants"],
    [".drafts", tenantFile, tenantFile],
  ]);
  expect(notes).toMatchObject([{ text: "Hello" }]);
  await expect(refused).rejects.toHaveProperty("code", "DATABASE_MISMATCH");
});

async function open(folder: string) {
  const db = sqlite({ folder: `${folder}/tenants`, entities: [Note] });
  const registry = sqliteRegistry({ file: `${folder}/registry.sqlite` });
  const tenancy = createTenancy({ registry, databases: db, provisioning: provisioning() });
  await tenancy.start();
  onTestFinished(() => tenancy.close());
  return { db, tenancy };
}
