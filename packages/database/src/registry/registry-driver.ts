import type { Clock, MaybePromise } from "@af-tenancy/core";
import type { AbstractSqlDriver, Configuration, SqlOptions } from "@mikro-orm/sql";
import type { SendStatement } from "./run-bound.ts";

/** What a driver package brings for a central registry on its database. */
export interface RegistryDriver {
  /** MikroORM's own driver class. */
  readonly orm: new (
    config: Configuration,
  ) => AbstractSqlDriver;
  /** SQL of the database's own time in whole milliseconds since 1970. */
  readonly now: string;
  readonly transactions: RegistryTransactions;
  readonly tables: RegistryTables;
  /** Prepares connecting, at each start. */
  connect(clock: Clock): MaybePromise<RegistryConnection>;
}

/** How transactions of all processes come one after the other, so that none fails midway and changes are numbered in order. */
export interface RegistryTransactions {
  /** Sent first in each transaction: waits for the others; `undefined` where the beginning itself does. */
  readonly enter: string | undefined;
  readonly isolation: "read committed" | undefined;
  /** A statement that a constraint refuses ends its transaction, unless there is a savepoint before it. */
  readonly endsWhenRefused: boolean;
  /** A statement that writes may give the rows as they are then. */
  readonly returning: boolean;
  /**
   * Statements are sent apart from their values and understood once, and their answers tell the number of an added row; else
   * both are one message.
   */
  readonly bindsValues: boolean;
  /** Tells whether the others were waited for in vain, and for how long in milliseconds. */
  waitedInVain(error: unknown): number | undefined;
}

/** The registry's tables and how they are brought up to date. */
export interface RegistryTables {
  /** In the driver's SQL, oldest first; what was released never changes. */
  readonly migrations: readonly RegistryMigration[];
  /** Makes the table `registry_migrations` where it is not there. */
  readonly journal: string;
  /** Has other processes wait that bring tables up to date; `undefined` where the transaction does. */
  readonly lock: RegistryLock | undefined;
  /** A migration is made as a whole or not at all; else `isThere` tells what an interrupted one had made already. */
  readonly isThere: ((error: unknown) => boolean) | undefined;
}

/** How processes that bring tables up to date wait for each other. */
export interface RegistryLock {
  /** Gives one row, whose `got` is 1 when the lock was got; it is held until the end of the transaction or session. */
  readonly sql: string;
  /** Milliseconds that it waits. */
  readonly patience: number;
}

/** A way to the registry's database. */
export interface RegistryConnection {
  /** How MikroORM goes there: writes on the connection itself, reads outside transactions on replicas. */
  readonly options: Pick<SqlOptions, "dbName" | "driverOptions" | "replicas">;
  /** Sends a statement that reads, outside transactions. */
  readonly read?: SendStatement;
  /** Lets go of what was opened. */
  close(): Promise<void>;
}

/** One step in the life of the registry's tables. */
export interface RegistryMigration {
  /** Unique, and in order. */
  readonly name: string;
  readonly statements: readonly string[];
}
