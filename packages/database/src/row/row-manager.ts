import {
  type DatabaseCapabilities,
  type DatabaseState,
  InvalidInputError,
  type MaybePromise,
  type Placement,
  type TenantDatabase,
  type TenantDatabaseManager,
} from "@af-tenancy/core";
import { type DialectConnection, type DialectDriver, sqlRunner } from "../connection/dialect.ts";
import { forgetSeeders } from "../seeding/forget-seeders.ts";
import type { TenantDriver } from "../tenants/tenant-driver.ts";
import { type RowRemoval, removeRows } from "./remove-rows.ts";
import { claimRows, disclaimRows, ownsRows, readRowOwner } from "./row-owners.ts";
import type { RowTables } from "./row-tables.ts";

/** What a driver brings for tenants that share a database. */
export interface SharedDatabase extends RowRemoval {
  /** Throws a `TenancyError` unless the placement is one of this driver's. */
  check(placement: Placement): void;
  /** Makes the shared database with an empty owner table where there is none. */
  create(placement: Placement): Promise<void>;
  /** Opens a connection that may write every row of one tenant; `undefined` when there is no shared database. */
  connect(database: TenantDatabase): Promise<DialectDriver | undefined>;
  /** Has the server itself keep tenants apart in the tables of a shared database; run after each migration. */
  secure?(server: string, tables: RowTables): Promise<void>;
  /** Throws `RowsExposedError` when the server that does so would not. */
  prove?(tables: RowTables): Promise<void>;
  /** How many bytes a tenant's rows take, as well as the driver can tell. */
  bytes?(connection: DialectConnection, tables: RowTables): MaybePromise<number>;
}

/** Makes the manager of shared tables where a fleet has some. */
export function rowManagerOf(
  { manager, sharedDatabase }: Pick<TenantDriver, "manager" | "sharedDatabase">,
  rows: { readonly tables: RowTables } | undefined,
): TenantDatabaseManager | undefined {
  if (rows === undefined || sharedDatabase === undefined) return undefined;
  return new RowManager(manager, sharedDatabase, rows.tables);
}

/** Makes, drops and looks at tenants' rows in shared tables: a marker each, and nothing else when they begin. */
class RowManager implements TenantDatabaseManager {
  readonly driver: string;
  readonly capabilities: DatabaseCapabilities;
  readonly #shared: SharedDatabase;
  readonly #tables: RowTables;

  constructor(own: TenantDatabaseManager, shared: SharedDatabase, tables: RowTables) {
    this.driver = own.driver;
    this.capabilities = Object.freeze({
      ...{ strategies: Object.freeze(["row"] as const), users: false, templates: false },
      ...{ transactionalDdl: own.capabilities.transactionalDdl, rename: false },
    });
    this.#shared = shared;
    this.#tables = tables;
  }

  async create(database: TenantDatabase): Promise<void> {
    this.#check(database);
    await this.#shared.create(database.placement);
    await this.#with(database, (connection) => claimRows(sqlRunner(connection), database));
  }

  /** The marker goes last, so that an interrupted removal is taken up again. */
  async drop(database: TenantDatabase): Promise<void> {
    this.#check(database);
    await this.#with(database, async (connection) => {
      const run = sqlRunner(connection);
      if (!(await ownsRows(run, database))) return;
      const present = await this.#tables.present(run);
      await removeRows(present, this.#tables.column, database.tenantId, connection, this.#shared);
      await forgetSeeders(run, this.#tables.listTables, database);
      await disclaimRows(run, database);
    });
  }

  async inspect(database: TenantDatabase): Promise<DatabaseState | undefined> {
    this.#check(database);
    return this.#with(database, async (connection) => {
      const owner = await readRowOwner(sqlRunner(connection), database);
      if (owner === undefined) return undefined;
      const bytes = (await this.#shared.bytes?.(connection, this.#tables)) ?? 0;
      return { owner, bytes };
    });
  }

  /** Ids stand in SQL and in a column of 64 characters. */
  #check({ tenantId, placement }: TenantDatabase): void {
    this.#shared.check(placement);
    if (/^[A-Za-z0-9_.-]{1,64}$/.test(tenantId) && Number.isSafeInteger(placement.generation))
      return;
    const rule =
      "use at most 64 letters, digits, underscores, dots and dashes, and a whole generation";
    throw new InvalidInputError("tenantId", String(tenantId), rule);
  }

  async #with<R>(
    database: TenantDatabase,
    work: (connection: DialectConnection) => Promise<R>,
  ): Promise<R | undefined> {
    const driver = await this.#shared.connect(database);
    if (driver === undefined) return undefined;
    try {
      return await work(await driver.acquireConnection());
    } finally {
      await driver.destroy();
    }
  }
}
