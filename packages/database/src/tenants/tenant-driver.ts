import type {
  DatabaseOwner,
  Placement,
  TenantDatabase,
  TenantDatabaseManager,
} from "@af-tenancy/core";
import type { AbstractSqlDriver, Configuration } from "@mikro-orm/sql";
import type { DialectDriver, DialectGrammar, RunSql } from "../connection/dialect.ts";

/** What a driver package brings; everything else about tenant databases is the same for all drivers. */
export interface TenantDriver {
  /** Makes, drops and looks at the databases. */
  readonly manager: TenantDatabaseManager;
  /** MikroORM's own driver class. */
  readonly orm: new (
    config: Configuration,
  ) => AbstractSqlDriver;
  /** How the dialect writes queries. */
  readonly grammar: DialectGrammar;
  /** Chooses where a new tenant's data will live; throws a `TenancyError` when the wish cannot be met. */
  place(tenantId: string, generation: number, wish?: Partial<Placement>): Placement;
  /** Opens an existing database; throws `DatabaseNotReadyError` when there is none, and never makes one. */
  open(database: TenantDatabase): Promise<DialectDriver>;
  /** Opens an empty database in memory, for the self-test at start. */
  openSample(): Promise<DialectDriver>;
  /** Reads the owner marker of the database on a connection. */
  readOwner(run: RunSql): Promise<DatabaseOwner | undefined>;
}
