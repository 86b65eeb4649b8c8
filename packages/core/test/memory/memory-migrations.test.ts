import { expect, it } from "vitest";
import {
  createTenancy,
  type JsonValue,
  type MemoryMigration,
  memoryDatabases,
  memoryRegistry,
} from "../../src/index.ts";
import { tenantRecord } from "./tenant-record.ts";

const notes: MemoryMigration = {
  name: "0001-notes",
  up: (rows) => void rows.set("notes", 0),
  down: (rows) => void rows.delete("notes"),
};
const tags: MemoryMigration = { name: "0002-tags", up: (rows) => void rows.set("tags", 0) };

async function setUp(migrations: readonly MemoryMigration[]) {
  const databases = memoryDatabases({ migrations });
  const tenancy = createTenancy({ registry: memoryRegistry(), databases });
  await tenancy.start();
  const { id } = tenantRecord("acme");
  const placement = databases.place(id, 1);
  const acme = tenantRecord("acme", { placement });
  await databases.manager(placement).create({ tenantId: id, placement });
  const rows = () =>
    tenancy.run(acme, () => Object.fromEntries(databases.get()) as Record<string, JsonValue>);
  const known = databases.migrations;
  if (known === undefined) throw new RangeError("it has migrations");
  return { databases, acme, rows, placement, migrations: known };
}

it("runs what a tenant lacks, in order, and takes back the last", async () => {
  const { acme, rows, migrations, placement } = await setUp([notes, tags]);

  const first = await migrations.run(acme, { steps: 1 });
  const second = await migrations.run(acme);
  const none = await migrations.run(acme);

  expect(first).toMatchObject({ before: undefined, after: "0001-notes" });
  expect(second).toMatchObject({ before: "0001-notes", after: "0002-tags" });
  expect(none.migrations).toEqual([]);
  expect(migrations.version(placement)).toBe("0002-tags");
  expect(await rows()).toEqual({ notes: 0, tags: 0 });
  await expect(migrations.run(acme, { direction: "down" })).rejects.toMatchObject({
    code: "INVALID_INPUT",
  });
  expect(await rows()).toEqual({ notes: 0, tags: 0 });
});

it("leaves rows as they were where a migration fails, and says which", async () => {
  const broken: MemoryMigration = {
    name: "0002-broken",
    up(rows) {
      rows.set("half", true);
      throw new RangeError("on purpose");
    },
  };
  const { acme, rows, migrations } = await setUp([notes, broken]);

  await expect(migrations.run(acme)).rejects.toMatchObject({
    ...{ code: "MIGRATION_FAILED", migration: "0002-broken", sql: undefined },
    cause: { message: "on purpose" },
  });

  expect(await rows()).toEqual({ notes: 0 });
  expect(await migrations.status(acme)).toMatchObject({
    ...{ version: "0001-notes", pending: ["0002-broken"], dirty: undefined },
  });
});

it("is run by one at a time", async () => {
  const { promise: opened, resolve: open } = Promise.withResolvers<void>();
  const { acme, migrations } = await setUp([{ name: "0001-slow", up: () => opened }]);

  const first = migrations.run(acme);
  await expect(migrations.run(acme)).rejects.toMatchObject({ code: "MIGRATION_LOCKED" });
  open();

  expect((await first).after).toBe("0001-slow");
  expect((await migrations.run(acme)).migrations).toEqual([]);
});

it("knows who is behind, and that who is ahead is not", async () => {
  const { acme, migrations } = await setUp([notes, tags]);
  const behind = (schemaVersion: string | undefined) =>
    migrations.isBehind({ ...acme, schemaVersion });

  expect([undefined, "0001-notes", "0002-tags", "0003-later"].map(behind)).toEqual([
    ...[true, true, false, false],
  ]);
});

it("removes every row before a fresh beginning, and nothing in a dry run", async () => {
  const { databases, acme, rows, migrations } = await setUp([notes]);
  await databases.migrate(acme);

  const dry = await migrations.run(acme, { direction: "fresh", dryRun: true });
  expect(dry.migrations.map(({ name }) => name)).toEqual(["0001-notes"]);
  expect(await rows()).toEqual({ notes: 0 });

  await migrations.run(acme, { direction: "down" });
  expect(await rows()).toEqual({});
  await migrations.run(acme, { direction: "fresh" });
  expect(await rows()).toEqual({ notes: 0 });
});

it.each([
  ["no list", {}],
  ["a migration without a function", [{ name: "0001-a" }]],
  ["a migration without a name", [{ name: "", up: () => {} }]],
  ["a name twice", [notes, notes]],
])("refuses %s", (_what, migrations) => {
  expect(() => memoryDatabases({ migrations: migrations as [] })).toThrow(
    expect.objectContaining({ code: "INVALID_CONFIGURATION" }),
  );
});
