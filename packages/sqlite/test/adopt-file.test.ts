import { randomUUID } from "node:crypto";
import { readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { TenantDatabase } from "@af-tenancy/core";
import { expect, it } from "vitest";
import { sqlite } from "../src/index.ts";
import { sqliteFiles } from "../src/sqlite-files.ts";
import { Author, Note } from "./entities.ts";
import { temporaryFolder } from "./temporary-folder.ts";

it.each([
  ["a registry", ["create table physical_databases (name text)"]],
  ["another application's file", ["pragma application_id = 7"]],
  ["a file with a table that would be the marker", ["create table _tenancy_owner (whose text)"]],
])("F058: adopts no %s, and changes nothing in it", async (_, statements) => {
  const { adopt, folder } = site();
  make(folder, statements);
  const before = readFileSync(join(folder, "old.sqlite"));

  await expect(adopt()).rejects.toMatchObject({ code: "DATABASE_OWNED" });

  expect(readFileSync(join(folder, "old.sqlite"))).toEqual(before);
});

it("adopts nothing through a link, and no file that is no database", async () => {
  const { adopt, folder } = site();
  const outside = join(temporaryFolder(), "outside.sqlite");
  make(folder, ["create table theirs (id integer)"], outside);
  symlinkSync(outside, join(folder, "old.sqlite"));
  writeFileSync(join(folder, "text.sqlite"), "this is a text, as long as the header of a file is");
  const before = readFileSync(outside);

  await expect(adopt()).rejects.toMatchObject({ code: "DATABASE_OWNED" });
  await expect(adopt("text")).rejects.toMatchObject({ code: "DATABASE_UNAVAILABLE" });

  expect(readFileSync(outside)).toEqual(before);
});

function site() {
  const folder = temporaryFolder();
  const db = sqlite({ folder, entities: [Note, Author] });
  const tenantId = randomUUID();
  return {
    folder,
    async adopt(name = "old") {
      const database: TenantDatabase = { tenantId, placement: db.place(tenantId, 1, { name }) };
      await db.manager(database.placement).adopt?.(database);
    },
  };
}

function make(folder: string, statements: readonly string[], file = join(folder, "old.sqlite")) {
  const native = sqliteFiles().open(file, { mustExist: false });
  for (const sql of statements) native.exec(sql);
  native.close();
}
