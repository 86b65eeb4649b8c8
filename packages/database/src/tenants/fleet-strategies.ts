import {
  InvalidInputError,
  type Placement,
  type PlacementStrategy,
  type TenantDatabaseManager,
} from "@af-tenancy/core";
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

  /** Throws `ConfigurationError` for strategies that the driver does not know. */
  constructor(
    strategies: readonly PlacementStrategy[] | undefined,
    driver: TenantDriver,
    rows: RowFleet | undefined,
    handles: TenantHandles,
  ) {
    this.#strategies = strategies;
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

  manager({ strategy }: Placement): TenantDatabaseManager {
    return strategy === "row" && this.#shared !== undefined ? this.#shared : this.#own;
  }
}
