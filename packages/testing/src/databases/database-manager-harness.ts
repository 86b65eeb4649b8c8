import type {
  MaybePromise,
  Placement,
  TenantDatabase,
  TenantDatabaseManager,
} from "@af-tenancy/core";
import type { LeftOut } from "../suite/group.ts";

/** The parts of the contract, each of which may be left out with a reason. */
export type DatabaseManagerGroup =
  | "capabilities"
  | "create"
  | "drop"
  | "owner marker"
  | "unmarked databases"
  | "adopt"
  | "names"
  | "rename"
  | "rows";

/** How the contract gets at the manager that it checks. */
export interface DatabaseManagerHarness {
  /** Makes a manager on a server or in a directory of the test's own. */
  create(): MaybePromise<TenantDatabaseManager>;
  destroy?(manager: TenantDatabaseManager): MaybePromise<void>;
  /** Chooses a placement as the driver's `TenantDatabases.place` does. */
  place(tenantId: string, generation: number): Placement;
  /** Writes and reads one row by its primary key; needed by the group `rows`. */
  readonly rows?: DatabaseRows;
  /** Makes a database without an owner marker; needed by the groups `unmarked databases` and `adopt`. */
  makeUnmarked?(database: TenantDatabase, manager: TenantDatabaseManager): MaybePromise<void>;
  /** Removes what `makeUnmarked` made, also where it was marked since. */
  dropUnmarked?(database: TenantDatabase, manager: TenantDatabaseManager): MaybePromise<void>;
  /** Names that this driver must refuse besides those that all must. */
  readonly badNames?: readonly string[];
  readonly leftOut?: LeftOut<DatabaseManagerGroup>;
}

/** Writes and reads rows of a table that exists in every database under test. */
export interface DatabaseRows {
  write(database: TenantDatabase, key: number, value: string): MaybePromise<void>;
  /** `undefined` when the database has no such row. */
  read(database: TenantDatabase, key: number): MaybePromise<string | undefined>;
}

/** What one test of the contract works with. */
interface DatabaseManagerSubject {
  readonly manager: TenantDatabaseManager;
  /** Names a database of a new tenant, which is dropped when the test is over. */
  database(generation?: number): TenantDatabase;
}

/** Makes what one test works with. */
export type MakeDatabaseManager = () => Promise<DatabaseManagerSubject>;
