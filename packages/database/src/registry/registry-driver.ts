import type { Clock, MaybePromise } from "@af-tenancy/core";
import type { AbstractSqlDriver, Configuration, SqlOptions } from "@mikro-orm/sql";

/** What a driver package brings for a central registry on its database. */
export interface RegistryDriver {
  /** MikroORM's own driver class. */
  readonly orm: new (
    config: Configuration,
  ) => AbstractSqlDriver;
  /** SQL of the database's own time in whole milliseconds since 1970. */
  readonly now: string;
  /** The registry's tables in the driver's SQL, oldest first; what was released never changes. */
  readonly migrations: readonly RegistryMigration[];
  /** Prepares connecting, at each start. Transactions that write are serialised, so that none fails midway. */
  connect(clock: Clock): MaybePromise<RegistryConnection>;
}

/** A way to the registry's database. */
export interface RegistryConnection {
  /** How MikroORM goes there: writes on the connection itself, reads outside transactions on replicas. */
  readonly options: Pick<SqlOptions, "dbName" | "driverOptions" | "replicas">;
  /** Lets go of what was opened. */
  close(): Promise<void>;
}

/** One step in the life of the registry's tables. */
export interface RegistryMigration {
  /** Unique, and in order. */
  readonly name: string;
  readonly statements: readonly string[];
}
