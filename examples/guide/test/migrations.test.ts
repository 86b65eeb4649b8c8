import { createTenancy } from "@af-tenancy/core";
import { provisioning } from "@af-tenancy/provisioning";
import { sqlite, sqliteRegistry, sqliteStoreMigrations } from "@af-tenancy/sqlite";
import { expect, it, onTestFinished } from "vitest";
import { Note } from "../src/note.ts";
import { temporaryFolder } from "./temporary-folder.ts";

async function startMigrated() {
  const folder = await temporaryFolder();
  // #region compose
  const db = sqlite({
    folder: `${folder}/tenants`,
    entities: [Note],
    migrations: new URL("../src/migrations/", import.meta.url), // one folder for each driver
  });
  const registry = sqliteRegistry({ file: `${folder}/registry.sqlite` });
  const tenancy = createTenancy({ registry, databases: db, provisioning: provisioning() });
  // #endregion
  await tenancy.start();
  onTestFinished(() => tenancy.close());
  const acme = await tenancy.tenants.create({ slug: "acme" });
  return { db, tenancy, acme };
}

it("S035: makes new tenants' tables by migrations, and migrates the fleet", async () => {
  const { db, tenancy, acme } = await startMigrated();

  // #region fleet
  const { migrations } = tenancy.tenants;
  const plan = await migrations.begin(); // nobody in it: new tenants have had every migration
  const { verdict } = await migrations.run(plan.id);
  // #endregion

  expect(verdict).toBe("done");
  const rows = tenancy.run(acme, async () => db.em().execute("select done from note"));
  await expect(rows).resolves.toEqual([]);
});

it("S027: gives each tenant tables for a cache and sessions", async () => {
  const folder = await temporaryFolder();
  // #region store
  const db = sqlite({
    folder: `${folder}/tenants`,
    entities: [Note],
    // postgresqlStoreMigrations and mysqlStoreMigrations for the other drivers
    migrations: [...sqliteStoreMigrations, new URL("../src/migrations/", import.meta.url)],
  });
  // #endregion
  const registry = sqliteRegistry({ file: `${folder}/registry.sqlite` });
  const tenancy = createTenancy({ registry, databases: db, provisioning: provisioning() });
  await tenancy.start();
  onTestFinished(() => tenancy.close());
  const acme = await tenancy.tenants.create({ slug: "acme" });

  const rows = tenancy.run(acme, () => db.em().execute("select done from note, cache, sessions"));

  await expect(rows).resolves.toEqual([]);
  expect((await db.migrations?.status(acme))?.applied.map(({ name }) => name).slice(0, 2)).toEqual([
    "0001_create_cache_tables",
    "0002_create_sessions_table",
  ]);
});

it("S035: looks into one tenant, and takes its latest migration back", async () => {
  const { db, acme } = await startMigrated();
  const lines: string[] = [];
  const console = { log: (line: string) => lines.push(line) };

  // #region one
  const migrations = db.migrations;
  const status = await migrations?.status(acme); // applied, pending, dirty
  const plan = await migrations?.run(acme, { direction: "down", dryRun: true });
  for (const { name, sql } of plan?.migrations ?? []) console.log(`${name}: ${sql?.join("; ")}`);
  await migrations?.run(acme, { direction: "down", lockMs: 2_000, statementMs: 60_000 });
  // #endregion

  expect(status?.pending).toEqual([]);
  expect(lines).toEqual(["Migration20260212_done: alter table note drop column done"]);
  expect((await migrations?.status(acme))?.pending).toEqual(["Migration20260212_done"]);
});
