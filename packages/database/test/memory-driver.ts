import { DatabaseNotReadyError, type DatabaseOwner, type TenantDatabase } from "@af-tenancy/core";
import {
  type Dialect,
  type DialectDriver,
  type DialectGrammar,
  ownerMarker,
  ReadOnlyDriver,
  readOwnerMarker,
  sqlRunner,
  type TenantDriver,
} from "@af-tenancy/database";
import { Configuration, SqliteConnection, SqliteDriver } from "@mikro-orm/sqlite";

/** Opens SQLite databases that live in memory for as long as they are open; for tests without files. */
export function memoryDialect(): () => Dialect {
  const configuration = new Configuration({ driver: SqliteDriver, dbName: ":memory:" }, false);
  return () =>
    new SqliteConnection(configuration, { dbName: ":memory:" }, "write").createKyselyDialect({
      dbName: ":memory:",
    });
}

/** Opens one database in memory. */
export async function openInMemory(dialect = memoryDialect()): Promise<DialectDriver> {
  const driver = dialect().createDriver();
  await driver.init();
  return driver;
}

/** What a test may change in a driver. */
export interface MemoryDriverOptions {
  /** Name of the driver; `memory` when absent. */
  readonly driver?: string;
  /** Whose marker an opened database bears; its tenant's when absent. */
  ownerOf?(database: TenantDatabase): DatabaseOwner;
  /** Called before each opening. */
  opening?(database: TenantDatabase): void;
  /** Called before each check of an owner. */
  checking?(database: TenantDatabase): void;
  /** How many databases may be open; 100 when absent. */
  readonly connections?: number;
  openSample?(): Promise<DialectDriver>;
}

/** A driver whose databases are made when they are opened and gone when they are closed. */
export function memoryDriver(options: MemoryDriverOptions = {}): TenantDriver {
  const { driver: name = "memory" } = options;
  const dialect = memoryDialect();
  const grammar: DialectGrammar = dialect();
  return {
    orm: SqliteDriver,
    grammar,
    manager: {
      driver: name,
      capabilities: {
        strategies: ["database"],
        transactionalDdl: true,
        users: false,
        templates: false,
        rename: false,
      },
      create: async () => {},
      drop: async () => {},
      inspect: async () => undefined,
    },
    place: (tenantId, generation) => ({
      driver: name,
      strategy: "database",
      server: "default",
      name: `t_${tenantId}_g${generation}`,
      generation,
      secret: undefined,
    }),
    connections: {
      budget: () => ({ connections: options.connections ?? 100, perTenant: 1 }),
      key: ({ placement }) => `${placement.name} ${placement.secret}`,
      open,
    },
    readOnly: (opened, refuse) => new ReadOnlyDriver(opened, refuse, noRules),
    openSample: options.openSample ?? (() => openInMemory(dialect)),
    async readOwner(run, database) {
      options.checking?.(database);
      return readOwnerMarker(run);
    },
  };

  async function open(database: TenantDatabase): Promise<DialectDriver> {
    options.opening?.(database);
    const { tenantId, placement } = database;
    if (placement.name === "missing") throw new DatabaseNotReadyError(tenantId, "it is missing");
    const driver = await openInMemory(dialect);
    const connection = await driver.acquireConnection();
    const owner = options.ownerOf?.(database) ?? { tenantId, generation: placement.generation };
    const run = sqlRunner(connection);
    await run(ownerMarker.createTable);
    await run(
      ownerMarker.insert.replace("?", `'${owner.tenantId}'`).replace("?", `${owner.generation}`),
    );
    return driver;
  }
}

const noRules = { controlsTransactions: () => false, isRefusedWrite: () => false };
