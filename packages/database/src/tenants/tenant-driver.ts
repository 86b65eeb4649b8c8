import type {
  DatabaseOwner,
  DatabaseTemplates,
  Placement,
  TenancyHost,
  TenantDatabase,
  TenantDatabaseManager,
} from "@af-tenancy/core";
import type { AbstractSqlDriver, Configuration } from "@mikro-orm/sql";
import type { CopyDialect, InPlaceDialect } from "../clone/copy-dialect.ts";
import type { DialectDriver, DialectGrammar, RunSql } from "../connection/dialect.ts";
import type { DriverConnections } from "../connection/driver-connections.ts";
import type { ReadOnlyView } from "../connection/read-only-source.ts";
import type { Examination } from "../doctor/examination.ts";
import type { Finding } from "../doctor/finding.ts";
import type { MigrationDialect } from "../migrations/migration-dialect.ts";
import type { SharedDatabase } from "../row/row-manager.ts";
import type { SeederDialect } from "../seeding/seeder-dialect.ts";
import type { HighestKey } from "../transfer/advance-keys.ts";
import type { RowValues } from "../transfer/row-values.ts";
import type { CentralTarget } from "./central-target.ts";
import type { ReadFrom } from "./read-from.ts";
import type { SchemaTemplate } from "./schema-template.ts";
import type { MakeTables } from "./tenant-schema.ts";

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
  /** Opens connections to the databases. */
  readonly connections: DriverConnections;
  /** A database of a tenant's own is opened in no time, and takes memory while it is open: one that was made is closed again. */
  readonly isLight?: boolean;
  /** Called once while the tenancy is composed, before anything is opened: the key ring and the clock come from here. */
  attach?(host: TenancyHost): void;
  /** Called when everything is closed: ends what the driver keeps open besides the connections of tenants. */
  close?(): Promise<void>;
  /** Called once, where the driver makes new databases as copies of a finished one: what that one holds. */
  copies?(template: SchemaTemplate): void;
  /** Tells, once, that it made a database just now with all that its template holds, so that nobody looks what it lacks. */
  isFinished?(database: TenantDatabase): boolean;
  /** Looks after the finished databases that new ones are copied from; absent where none are kept. */
  readonly templates?: DatabaseTemplates;
  /** Chooses where a new tenant's data will live; throws a `TenancyError` when the wish cannot be met. */
  place(tenantId: string, generation: number, wish?: Partial<Placement>): Placement;
  /** Reads the owner marker of a tenant's database on a connection to it. */
  readOwner(run: RunSql, database: TenantDatabase): Promise<DatabaseOwner | undefined>;
  /** Tells whether work failed because a table, or the schema or database of it, is not there; where that can be. */
  isMissing?(error: unknown): boolean;
  /** Makes tables where the server cannot take DDL back; elsewhere they are made in one transaction. */
  readonly makeTables?: MakeTables;
  /** How the engine takes migrations; absent where it takes none. */
  readonly migrations?: MigrationDialect;
  /** How rows are copied from one tenant's tables to another's; absent where none are. */
  readonly copying?: CopyDialect;
  /** How rows are copied within shared tables, where databases are copied as a whole. */
  readonly copyingInPlace?: InPlaceDialect;
  /** How the engine remembers seeders; absent where it takes none. */
  readonly seeders?: SeederDialect;
  /** Makes and removes tenants' rows in shared tables, where the driver knows the strategy `row`. */
  readonly sharedDatabase?: SharedDatabase;
  /** The server itself keeps the rows of tenants in shared tables apart, whatever SQL is sent. */
  readonly scopesRows?: boolean;
  /** Opens an empty database in memory for the self-test at start, where the engine can be embedded. */
  openSample?(): Promise<DialectDriver>;
  /** Looks for what is wrong with the servers or files around the databases. */
  doctor?(examination: Examination): Promise<readonly Finding[]>;
  /** The application's central database, where it is on this driver. */
  readonly central?: CentralTarget;
  /**
   * Has the database hand out keys above the highest that there are, where it does not by itself; `run` is the tenant's
   * own connection.
   */
  advanceKeys?(run: RunSql, database: TenantDatabase, keys: readonly HighestKey[]): Promise<void>;
  /** What the engine makes of values that not every engine takes; it takes a key of 0 and finite numbers only when absent. */
  readonly rowValues?: RowValues;
  /** Views a connection so that what would write on it is refused. */
  readonly readOnly: ReadOnlyView;
  /** Where readers read from that are not told; `any` when absent. */
  readonly readOnlyFrom?: ReadFrom;
}
