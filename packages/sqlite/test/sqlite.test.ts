import { ConfigurationError } from "@af-tenancy/core";
import type { MikroOrmDatabases, TenantEntity } from "@af-tenancy/database";
import { sqlite } from "@af-tenancy/sqlite";
import { expect, expectTypeOf, it } from "vitest";
import { Author, Note } from "./entities.ts";
import { startFleet } from "./fleet.ts";
import { temporaryFolder } from "./temporary-folder.ts";

it.each([
  ["folder", { folder: "" }],
  ["folder", { folder: ":memory:" }],
  ["folder", { folder: "file:tenants" }],
  ["entities", { entities: [] }],
  ["maxOpen", { maxOpen: 0 }],
  ["maxOpen", { maxOpen: 1.5 }],
  ["maxWait", { maxWait: -1 }],
  ["journalMode", { journalMode: "memory" as "wal" }],
  ["maxopen", { maxopen: 5 }],
  ["folder", { folder: null }],
  ["maxOpen", { maxOpen: null }],
  ["journalMode", { journalMode: null }],
  ["sharedName", { sharedName: null }],
  ["sharedName", { sharedName: 0 }],
  ["strategies", { strategies: null }],
  ["central", { central: 0 }],
  ["central", { central: null }],
  ["central", { central: "app.sqlite" }],
  ["central.file", { central: { entities: [Note] } }],
  ["central.path", { central: { file: "app.sqlite", path: "", entities: [Note] } }],
])("S058: refuses a wrong %s: %j", (key, wrong) => {
  const make = () => sqlite({ folder: "unused", entities: [Note, Author], ...(wrong as object) });

  expect(make).toThrow(ConfigurationError);
  expect(make).toThrow(`Option "${key}" is `);
});

it.each([undefined, null, 0, "data/tenants", []])(
  "S058: refuses options that are no object: %s",
  (options) => {
    const make = () => sqlite(options as never);

    expect(make).toThrow(ConfigurationError);
    expect(make).toThrow('Option "sqlite" is ');
  },
);

it("makes nothing on the disk before a tenant is made", () => {
  const folder = `${temporaryFolder()}/not/there`;

  expectTypeOf(sqlite({ folder, entities: [Note, Author] })).toEqualTypeOf<
    MikroOrmDatabases<readonly TenantEntity[]>
  >();
});

it.each([
  ["delete", "delete"],
  ["truncate", "truncate"],
  ["persist", "persist"],
  ["wal", "wal"],
] as const)("C041: opens files in the journal mode %s, safely", async (journalMode, expected) => {
  const { db, tenancy, acme } = await startFleet({ journalMode });

  const pragma = (name: string) =>
    tenancy.run(acme, async () => {
      const [row] = await db.em().execute<Record<string, unknown>[]>(`pragma ${name}`);
      return Object.values(row ?? {})[0];
    });

  expect(await pragma("journal_mode")).toBe(expected);
  expect(await pragma("synchronous")).toBe(2);
  expect(await pragma("foreign_keys")).toBe(1);
  expect(await pragma("cache_size")).toBe(-512);
});
