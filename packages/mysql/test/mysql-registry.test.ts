import { inspect } from "node:util";
import {
  type CentralRegistry,
  ConfigurationError,
  RegistryNewerError,
  RegistryUnavailableError,
} from "@af-tenancy/core";
import { type MysqlRegistryOptions, mysqlRegistry } from "@af-tenancy/mysql";
import { acme, centralRegistryContract, emptiedDatabases, globex } from "@af-tenancy/testing";
import { afterAll, describe, expect, it, onTestFinished } from "vitest";
import { admin as asAdmin, missing, server, uniqueName } from "./server.ts";

describe.skipIf(missing !== undefined)(`a registry on MariaDB${missing ?? ""}`, () => {
  centralRegistryContract("mariadb", {
    create: async () => startRegistry(await emptied.take()),
    join: (registry, maxWait) => startRegistry(databaseOf(registry), maxWait),
    async breakTables(registry) {
      emptied.spoil(databaseOf(registry));
      await asAdmin("drop table servers; rename table tenants to away", databaseOf(registry));
    },
  });

  it("lets many registries start at once on a database without tables", async () => {
    const database = await newDatabase();

    const registries = await Promise.all(Array.from({ length: 8 }, () => startRegistry(database)));

    for (const registry of registries) {
      expect(await registry.store.find({ by: "slug", value: "acme" })).toBeUndefined();
    }
    const made = await asAdmin("select name from registry_migrations", database);
    expect(made).toEqual([
      { name: "0001-registry" },
      { name: "0002-leases" },
      { name: "0003-migration-plans" },
      { name: "0004-central-domains" },
      { name: "0005-outbox-times" },
    ]);
  });

  it("does not start on tables of a newer version, and changes nothing", async () => {
    const database = await newDatabase();
    await (await startRegistry(database)).close?.();
    await asAdmin("insert into registry_migrations (name) values ('9999-later')", database);
    await asAdmin("delete from registry_migrations where name < '9999'", database);

    await expect(startRegistry(database)).rejects.toThrow(RegistryNewerError);

    const made = await asAdmin("select name from registry_migrations", database);
    expect(made).toEqual([{ name: "9999-later" }]);
  });

  it("does not start on a database of something else", async () => {
    const database = await newDatabase();
    await asAdmin("create table tenants (of_something_else integer)", database);

    await expect(startRegistry(database)).rejects.toThrow(RegistryUnavailableError);

    const columns = await asAdmin("show columns from tenants", database);
    expect(columns).toHaveLength(1);
  });

  it("takes up what a process that died while it made the tables left", async () => {
    const database = await newDatabase();
    const whole = await newDatabase();
    await startRegistry(whole);
    await startRegistry(database);
    await asAdmin("update registry_migrations set executed_at = null", database);
    await asAdmin(
      "drop table outbox_cursors, sequences; drop index tenants_slug_unique on tenants",
      database,
    );

    await (await startRegistry(database)).transaction(({ sequences }) => sequences.next("a"));

    const tablesOf = async (name: string) =>
      await asAdmin(
        "select table_name, index_name, column_name, collation from information_schema.statistics where table_schema = database() order by 1, 2, 3",
        name,
      );
    expect(await tablesOf(database)).toEqual(await tablesOf(whole));
  });

  it("F137: shows no password of its connection", async () => {
    const password = "canary-7c1f9e";
    const unreachable = mysqlRegistry(wrong({ port: 1, password }));

    const error = await Promise.resolve(unreachable.start?.()).catch((thrown: unknown) => thrown);

    const shown = [unreachable, mysqlRegistry(wrong({ password })), error, (error as Error).stack];
    const text = shown.map((one) => inspect(one, { depth: 20, showHidden: true })).join("\n");
    expect(text).not.toContain(password);
    expect(text).toContain("REGISTRY_UNAVAILABLE");
  });

  it("goes on after its connections were cut", async () => {
    const database = await newDatabase();
    const registry = await startRegistry(database);
    await registry.transaction(({ tenants }) => tenants.insert(acme(), []));
    await registry.store.find({ by: "slug", value: "acme" });

    const sessions = await asAdmin<{ readonly id: number }>(
      `select id from information_schema.processlist where db = '${database}'`,
    );
    for (const { id } of sessions) await asAdmin(`kill ${id}`);
    await new Promise((resolve) => setTimeout(resolve, 100));

    expect(await registry.store.find({ by: "slug", value: "acme" })).toEqual(acme());
    await registry.transaction(({ tenants }) => tenants.insert(globex(), []));
  });
});

it.each([
  ["connection.database", { connection: server }],
  ["flavour", { connection: { ...server, database: "a" }, flavour: "oracle" }],
  ["maxWait", { connection: { ...server, database: "a" }, maxWait: 0 }],
  ["readers", { connection: { ...server, database: "a" }, readers: "2" }],
  ["mysqlRegistry.maxwait", { connection: { ...server, database: "a" }, maxwait: 5 }],
  ["connection.port", { connection: { database: "a", port: 0 } }],
])("refuses a wrong %s", (key, options) => {
  const make = () => mysqlRegistry(options as MysqlRegistryOptions);

  expect(make).toThrow(ConfigurationError);
  expect(make).toThrow(`"${key}"`);
});

function wrong(connection: Partial<MysqlRegistryOptions["connection"]>) {
  return {
    connection: { ...server, database: "unused", ...connection },
    flavour: "mariadb" as const,
  };
}

const made: string[] = [];
const emptied = emptiedDatabases({
  async make() {
    const name = uniqueName("registry");
    made.push(name);
    await asAdmin(`create database ${name}`);
    return name;
  },
  async empty(name) {
    const tables = await asAdmin<{ readonly name: string }>(
      "select table_name as name from information_schema.tables where table_schema = database() " +
        "and table_name not in ('registry_lock', 'registry_migrations')",
      name,
    );
    const deletions = tables.map((table) => `delete from ${table.name}; `);
    await asAdmin(`set foreign_key_checks = 0; begin; ${deletions.join("")}commit`, name);
  },
});

afterAll(async () => {
  for (const name of made) await asAdmin(`drop database if exists ${name}`);
}, 60_000);

async function newDatabase(): Promise<string> {
  const name = uniqueName("registry");
  await asAdmin(`create database ${name}`);
  onTestFinished(() => asAdmin(`drop database if exists ${name}`).then(() => {}));
  return name;
}

async function startRegistry(database: string, maxWait = 4_000): Promise<CentralRegistry> {
  const registry = mysqlRegistry({
    ...{ connection: { ...server, database }, flavour: "mariadb", maxWait },
  });
  onTestFinished(() => registry.close?.());
  await registry.start?.();
  databases.set(registry, database);
  return registry;
}

/** Where each registry of these tests is. */
const databases = new WeakMap<CentralRegistry, string>();

function databaseOf(registry: CentralRegistry): string {
  return databases.get(registry) ?? expect.unreachable();
}
