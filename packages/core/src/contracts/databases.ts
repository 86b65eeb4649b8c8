import type { TenancyBootstrapper } from "./bootstrapper.ts";
import type { TenancyComponent } from "./component.ts";
import type { TemplatedDatabases } from "./database-templates.ts";
import type { Placement, PlacementStrategy, Tenant } from "./tenant.ts";
import type { MigratingDatabases } from "./tenant-migrations.ts";
import type { SeedingDatabases } from "./tenant-seeding.ts";
import type { TransferringDatabases } from "./tenant-transfer.ts";

/** Makes, drops and looks at physical tenant databases of one driver. */
export interface TenantDatabaseManager {
  /** Name of the driver, as placements carry it. */
  readonly driver: string;
  readonly capabilities: DatabaseCapabilities;
  /** The folder of this machine in which databases lie; absent where a server keeps them. */
  readonly folder?: string;
  /** Makes the database with its owner marker, durably; a no-op when its owner made it, else `DatabaseOwnedError`. */
  create(database: TenantDatabase): Promise<void>;
  /** Removes the database if it bears this owner's marker; absent is success, another owner's is `DatabaseOwnedError`. */
  drop(database: TenantDatabase): Promise<void>;
  /** Looks at what stands under the name; `undefined` when nothing does. */
  inspect(database: TenantDatabase): Promise<DatabaseState | undefined>;
  /** Gives an owner's database another name, which nobody has; there only where `capabilities` say `rename`. */
  rename?(database: TenantDatabase, name: string): Promise<void>;
  /**
   * Marks a database that bears no marker, or that of an older generation of the same tenant, and changes nothing else in
   * it; a no-op when its owner is marked, else `DatabaseOwnedError`, and `DatabaseNotReadyError` when there is none. Absent
   * where none can be adopted.
   */
  adopt?(database: TenantDatabase): Promise<void>;
  /**
   * Makes the database as `create` does, and with all that another one holds at one moment, whoever uses that meanwhile;
   * a no-op when its owner made it. Throws `DatabaseNotReadyError` or `DatabaseOwnedError` where the other is not its
   * owner's. Absent where databases are not copied as a whole.
   */
  createFrom?(database: TenantDatabase, source: TenantDatabase): Promise<void>;
}

/** A physical database and the tenant that it is meant for. */
export interface TenantDatabase {
  readonly tenantId: string;
  readonly placement: Placement;
}

/** What a driver can do; code asks these and never the driver's name. */
export interface DatabaseCapabilities {
  readonly strategies: readonly PlacementStrategy[];
  /** A failed migration leaves nothing behind. */
  readonly transactionalDdl: boolean;
  /** Each tenant can have a database user of its own. */
  readonly users: boolean;
  /** A new database can be copied from a finished one. */
  readonly templates: boolean;
  /** A database can get another name. */
  readonly rename: boolean;
}

/** What stands under a physical name. */
export interface DatabaseState {
  /** The owner marker; `undefined` when there is none, so nobody may adopt or drop it unasked. */
  readonly owner: DatabaseOwner | undefined;
  /** Size on disk in bytes. */
  readonly bytes: number;
}

/** Whose database it is, as written inside it. */
export interface DatabaseOwner {
  readonly tenantId: string;
  readonly generation: number;
}

/** The application's tenant databases, as provisioning and the life cycle see them. */
export interface TenantDatabases
  extends TenancyComponent,
    MigratingDatabases,
    SeedingDatabases,
    TransferringDatabases,
    TemplatedDatabases {
  /** Gives each scope its reference and lazy entity manager. */
  readonly bootstrapper: TenancyBootstrapper;
  /** Chooses where a new tenant's data will live; throws a `TenancyError` when the wish cannot be met. */
  place(tenantId: string, generation: number, wish?: Partial<Placement>): Placement;
  /** The manager for a placement; throws `UnknownDriverError`. */
  manager(placement: Placement): TenantDatabaseManager;
  /** Opens the database as the application would and proves marker, schema and a write that is rolled back. */
  verify(tenant: Tenant): Promise<void>;
  /**
   * Gives a tenant that begins the rows that another one has at one moment, and no others; may be run again after a
   * crash. Its database is made and migrated before, by `createFrom` where the manager has it. Throws what keeps the rows
   * from being copied. Absent where none are.
   */
  copyRows?(source: Tenant, tenant: Tenant, signal: AbortSignal): Promise<void>;
}
