import { inspect } from "node:util";
import {
  type CentralRegistry,
  ConfigurationError,
  RegistryNewerError,
  RegistryUnavailableError,
} from "@af-tenancy/core";
import { type PostgresqlRegistryOptions, postgresqlRegistry } from "@af-tenancy/postgresql";
import { acme, centralRegistryContract, emptiedDatabases, globex } from "@af-tenancy/testing";
import { Client } from "pg";
import { afterAll, describe, expect, it, onTestFinished } from "vitest";
import { asAdmin, server, uniqueName, withServer } from "./server.ts";

describe.skipIf(withServer !== "")(`a registry on PostgreSQL${withServer}`, () => {
  centralRegistryContract("postgresql", {
    create: async () => lentRegistry(await emptied.take()),
    join: (registry, maxWait) => startRegistry(databaseOf(registry), maxWait),
    async breakTables(registry) {
      emptied.spoil(databaseOf(registry));
      await asAdmin("drop table servers; alter table tenants rename to away", databaseOf(registry));
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

  it("does not start on a database of something else, and leaves it as it was", async () => {
    const database = await newDatabase();
    await asAdmin("create table tenants (of_something_else integer)", database);

    await expect(startRegistry(database)).rejects.toThrow(RegistryUnavailableError);

    const tables = await asAdmin(
      "select tablename from pg_tables where schemaname = 'public'",
      database,
    );
    expect(tables).toEqual([{ tablename: "tenants" }]);
  });

  it("F137: shows no password of its connection", async () => {
    const password = "canary-7c1f9e";
    const unreachable = postgresqlRegistry(wrong({ port: 1, password }));

    const error = await Promise.resolve(unreachable.start?.()).catch((thrown: unknown) => thrown);

    const shown = [
      ...[unreachable, postgresqlRegistry(wrong({ password }))],
      ...[error, (error as Error).stack],
    ];
    const text = shown.map((one) => inspect(one, { depth: 20, showHidden: true })).join("\n");
    expect(text).not.toContain(password);
    expect(text).toContain("REGISTRY_UNAVAILABLE");
  });

  it("goes on after its connections were cut", async () => {
    const database = await newDatabase();
    const registry = await startRegistry(database);
    await registry.transaction(({ tenants }) => tenants.insert(acme(), []));
    await registry.store.find({ by: "slug", value: "acme" });

    await asAdmin(
      `select pg_terminate_backend(pid) from pg_stat_activity where datname = '${database}'`,
    );
    await new Promise((resolve) => setTimeout(resolve, 100));

    expect(await registry.store.find({ by: "slug", value: "acme" })).toEqual(acme());
    await registry.transaction(({ tenants }) => tenants.insert(globex(), []));
  });
});

it.each([
  ["maxWait", { connection: server, maxWait: 0 }],
  ["readers", { connection: server, readers: "2" }],
  ["postgresqlRegistry.maxwait", { connection: server, maxwait: 5 }],
  ["connection.port", { connection: { port: 0 } }],
  ["connection.database", { connection: { port: 5432 } }],
])("refuses a wrong %s", (key, options) => {
  const make = () => postgresqlRegistry(options as PostgresqlRegistryOptions);

  expect(make).toThrow(ConfigurationError);
  expect(make).toThrow(`"${key}"`);
});

function wrong(connection: Partial<PostgresqlRegistryOptions["connection"]>) {
  return { connection: { ...server, ...connection } };
}

/** Databases that earlier tests are done with: emptying one is quicker than making another. */
const empty: string[] = [];
const made: string[] = [];

const emptied = emptiedDatabases({ make: makeDatabase, empty: emptyDatabase });

/** One for each database: another session would learn all about its tables anew. */
const sessions = new Map<string, Client>();

async function emptyDatabase(name: string): Promise<void> {
  let session = sessions.get(name);
  if (session === undefined) {
    session = new Client({ ...server, database: name });
    sessions.set(name, session);
    await session.connect();
  }
  await session.query(emptying);
}

/** A replica's session minds no references, so that the order of the tables does not matter. */
const emptying = `do $$
  declare found text;
  begin
    set local session_replication_role = replica;
    for found in select tablename from pg_tables where schemaname = 'public'
      and tablename not in ('registry_lock', 'registry_migrations')
    loop
      execute format('delete from %I', found);
    end loop;
  end $$`;

async function newDatabase(): Promise<string> {
  const name = empty.pop() ?? (await makeDatabase());
  onTestFinished(async () => {
    await asAdmin(
      `select pg_terminate_backend(pid) from pg_stat_activity where datname = '${name}'`,
    );
    await asAdmin("drop schema public cascade; create schema public", name);
    empty.push(name);
  });
  return name;
}

async function makeDatabase(): Promise<string> {
  const name = uniqueName("registry");
  await asAdmin(`create database ${name}`);
  made.push(name);
  return name;
}

afterAll(async () => {
  for (const registry of opened.values()) await registry.close?.();
  for (const session of sessions.values()) await session.end();
  for (const name of made) await asAdmin(`drop database if exists ${name} with (force)`);
}, 60_000);

/** One for each emptied database, for a registry keeps nothing but connections, which take longer than most tests. */
const opened = new Map<string, CentralRegistry>();

/** A database's registry as one test has it: nobody listens any more when the test is over. */
async function lentRegistry(database: string): Promise<CentralRegistry> {
  const registry = opened.get(database) ?? (await openRegistry(database, 4_000));
  opened.set(database, registry);
  const { name, store, changes } = registry;
  const lent: CentralRegistry = {
    ...{ name, store },
    transaction: (work) => registry.transaction(work),
    changes: {
      readAfter: (...parameters) => changes.readAfter(...parameters),
      last: () => changes.last(),
      onCommit(listener) {
        const remove = changes.onCommit(listener);
        onTestFinished(remove);
        return remove;
      },
    },
  };
  databases.set(lent, database);
  return lent;
}

async function startRegistry(database: string, maxWait = 4_000): Promise<CentralRegistry> {
  const registry = await openRegistry(database, maxWait);
  onTestFinished(() => registry.close?.());
  return registry;
}

async function openRegistry(database: string, maxWait: number): Promise<CentralRegistry> {
  const registry = postgresqlRegistry({ connection: { ...server, database }, maxWait });
  await registry.start?.();
  databases.set(registry, database);
  return registry;
}

/** Where each registry of these tests is. */
const databases = new WeakMap<CentralRegistry, string>();

function databaseOf(registry: CentralRegistry): string {
  return databases.get(registry) ?? expect.unreachable();
}
