import {
  ConfigurationError,
  createTenancy,
  RegistryUnavailableError,
  TenancyClosedError,
} from "@af-tenancy/core";
import {
  centralRegistry,
  type DialectConnection,
  type DialectDriver,
  everlastingScope,
  leasingDialects,
  PoolExhaustedError,
  type RegistryDriver,
  SingleConnection,
  Turns,
} from "@af-tenancy/database";
import { acme } from "@af-tenancy/testing";
import { MikroORM, SqliteDriver } from "@mikro-orm/sqlite";
import { expect, it } from "vitest";
import { registryEntities } from "../src/registry/entities.ts";
import { memoryDialect, openInMemory } from "./memory-driver.ts";

it("F034: does not start on a database that fails, and starts once it works again", async () => {
  let broken = true;
  const registry = centralRegistry(
    await registryDriver(await openInMemory(), async () => {
      if (broken) throw Object.assign(new RangeError("disk I/O error"), { code: "SQLITE_IOERR" });
    }),
  );

  await expect(registry.start?.()).rejects.toThrow(RegistryUnavailableError);
  broken = false;
  await registry.start?.();

  expect(await registry.store.find({ by: "slug", value: "acme" })).toBeUndefined();
});

it("F034: says that the registry failed when a write in a transaction does", async () => {
  let broken = false;
  const registry = centralRegistry(
    await registryDriver(await openInMemory(), async (sql) => {
      if (broken && sql.startsWith("insert")) throw new RangeError("disk I/O error");
    }),
  );
  await registry.start?.();
  broken = true;

  const written = registry.transaction(({ tenants }) => tenants.insert(acme(), []));

  await expect(written).rejects.toThrow(RegistryUnavailableError);
  broken = false;
  await registry.transaction(({ tenants }) => tenants.insert(acme(), []));
});

it("belongs to one tenancy", async () => {
  const registry = centralRegistry(await registryDriver(await openInMemory()));
  createTenancy({ registry });

  expect(() => createTenancy({ registry })).toThrow(ConfigurationError);
});

it("needs to be started", async () => {
  const registry = centralRegistry(await registryDriver(await openInMemory()));

  await expect(registry.transaction(async () => {})).rejects.toThrow(TenancyClosedError);
});

async function registryDriver(
  database: DialectDriver,
  before: (sql: string) => Promise<void> = async () => {},
): Promise<RegistryDriver> {
  const scope = everlastingScope();
  const watched = watching(database, before);
  const dialects = leasingDialects(memoryDialect()());
  return {
    orm: SqliteDriver,
    now: "1",
    transactions: {
      ...{ enter: undefined, isolation: undefined, endsWhenRefused: false, returning: true },
      bindsValues: true,
      waitedInVain: () => undefined,
    },
    tables: {
      migrations: [{ name: "0001-registry", statements: await createTables() }],
      journal: "create table if not exists registry_migrations (name text, executed_at text null)",
      ...{ lock: undefined, isThere: undefined },
    },
    async connect(clock) {
      const turns = new Turns(clock, 1_000, (waited) => new PoolExhaustedError("registry", waited));
      const connection = new SingleConnection({ open: async () => watched, turns });
      return {
        options: { dbName: "registry", driverOptions: () => dialects(connection, scope) },
        close: async () => {},
      };
    },
  };
}

function watching(driver: DialectDriver, before: (sql: string) => Promise<void>): DialectDriver {
  const raw = Object.create(driver) as DialectDriver;
  return Object.assign(raw, {
    async acquireConnection(): Promise<DialectConnection> {
      const connection = await driver.acquireConnection();
      return {
        async executeQuery(query) {
          await before(query.sql);
          return connection.executeQuery(query);
        },
        streamQuery: (query, size) => connection.streamQuery(query, size),
      };
    },
    beginTransaction: async () => run(driver, "begin"),
    commitTransaction: async () => run(driver, "commit"),
    rollbackTransaction: async () => run(driver, "rollback"),
    savepoint: async (_: unknown, name: string) => run(driver, `savepoint ${name}`),
    rollbackToSavepoint: async (_: unknown, name: string) => run(driver, `rollback to ${name}`),
    releaseSavepoint: async (_: unknown, name: string) => run(driver, `release ${name}`),
    releaseConnection: async () => {},
    destroy: async () => {},
  });
}

async function run(driver: DialectDriver, sql: string): Promise<void> {
  const connection = await driver.acquireConnection();
  await connection.executeQuery({ sql, parameters: [] } as never);
}

/** The tables as MikroORM would make them; drivers bring theirs as text. */
async function createTables(): Promise<readonly string[]> {
  const orm = new MikroORM({
    dbName: ":memory:",
    entities: Object.values(registryEntities()),
    ensureDatabase: false,
  });
  const sql = await orm.schema.getCreateSchemaSQL({ wrap: false });
  await orm.close();
  return sql.split(";\n").filter((statement) => statement.trim() !== "");
}
