import {
  ConfigurationError,
  DatabaseNotReadyError,
  InvalidInputError,
  type Placement,
  type PlacementStrategy,
  type TenantDatabase,
  type TenantDatabaseManager,
} from "@af-tenancy/core";
import type { ConnectionLease } from "../connection/connection-lease.ts";
import type { RowFleet } from "../row/row-fleet.ts";
import { rowManagerOf } from "../row/row-manager.ts";
import { closingManager } from "./closing-manager.ts";
import type { TenantDriver } from "./tenant-driver.ts";
import type { TenantHandles } from "./tenant-handles.ts";

/** The ways in which a fleet keeps its tenants apart, and who makes and drops what they need. */
export class FleetStrategies {
  /** `undefined` for whatever the driver knows, except shared tables. */
  readonly #strategies: readonly PlacementStrategy[] | undefined;
  readonly #own: TenantDatabaseManager;
  readonly #shared: TenantDatabaseManager | undefined;
  readonly #parts: { readonly driver: TenantDriver; readonly rows: RowFleet | undefined };

  /** Throws `ConfigurationError` for strategies that the driver does not know. */
  constructor(
    strategies: readonly PlacementStrategy[] | undefined,
    driver: TenantDriver,
    rows: RowFleet | undefined,
    handles: TenantHandles,
  ) {
    checkKnown(strategies, driver);
    this.#strategies = strategies;
    this.#parts = { driver, rows };
    this.#own = closingManager(driver.manager, handles);
    const shared = rowManagerOf(driver, rows);
    this.#shared = shared && closingManager(shared, handles);
  }

  /**
   * Throws `InvalidInputError` for a strategy that is not this fleet's: whether tables have a tenant column depends on
   * the strategies, and a tenant that has none must not be taken for one that has.
   */
  check({ strategy }: Placement): void {
    if (this.#strategies?.includes(strategy) ?? strategy !== "row") return;
    const known = this.#strategies?.map((one) => `"${one}"`).join(", ") ?? 'no "row"';
    throw new InvalidInputError(
      "placement.strategy",
      strategy,
      `this fleet has ${known}: see its option strategies`,
    );
  }

  /** Proves at start that shared tables are safe; throws `RowsExposedError`. */
  async prove(): Promise<void> {
    const { rows, driver } = this.#parts;
    if (rows !== undefined) await driver.sharedDatabase?.prove?.(rows.tables);
  }

  /** Works on shared tables as their owner, which tenants are not, and has the server keep tenants apart in them. */
  async withShared<R>(
    database: TenantDatabase,
    work: (lease: ConnectionLease) => Promise<R>,
  ): Promise<R> {
    const { rows, driver } = this.#parts;
    const opened = await driver.sharedDatabase?.connect(database);
    if (rows === undefined || opened === undefined) {
      throw new DatabaseNotReadyError(database.tenantId, "there is no shared database");
    }
    const destroy = () => opened.destroy();
    let result: R;
    try {
      const connection = await opened.acquireConnection();
      result = await work({ connection, driver: opened, release: destroy, destroy });
    } finally {
      await destroy();
    }
    await this.secure(database);
    return result;
  }

  /** Has the server keep tenants apart in the shared tables of a placement. */
  async secure({ placement }: TenantDatabase): Promise<void> {
    const { rows, driver } = this.#parts;
    if (rows !== undefined) await driver.sharedDatabase?.secure?.(placement.server, rows.tables);
  }

  manager({ strategy }: Placement): TenantDatabaseManager {
    return strategy === "row" && this.#shared !== undefined ? this.#shared : this.#own;
  }
}

function checkKnown(
  strategies: readonly PlacementStrategy[] = [],
  { manager, sharedDatabase }: Pick<TenantDriver, "manager" | "sharedDatabase">,
): void {
  const shared = sharedDatabase === undefined ? [] : ["row"];
  const known: readonly string[] = [...manager.capabilities.strategies, ...shared];
  const unknown = strategies.find((strategy) => !known.includes(strategy));
  if (unknown === undefined) return;
  throw new ConfigurationError(
    "strategies",
    `"${unknown}", which ${manager.driver} does not know`,
    `list some of ${known.join(", ")}, or take a driver that has it.`,
  );
}
