import { outsideTenancy, type TenantDatabase } from "@af-tenancy/core";
import type { ConnectionLease } from "../connection/connection-lease.ts";
import { RowsExposedError } from "../errors.ts";
import type { FleetStrategies } from "./fleet-strategies.ts";
import type { TenantDriver } from "./tenant-driver.ts";
import type { TenantHandles } from "./tenant-handles.ts";
import type { TenantTables } from "./tenant-tables.ts";
import { writeCanary } from "./write-canary.ts";

/** Makes databases ready for the application, and proves that they are; works outside any tenant. */
export class TenantPreparation {
  readonly #handles: TenantHandles;
  readonly #schema: TenantTables;
  readonly #strategies: FleetStrategies;
  readonly #isLight: boolean;

  constructor(
    handles: TenantHandles,
    schema: TenantTables,
    strategies: FleetStrategies,
    { isLight = false }: Pick<TenantDriver, "isLight">,
  ) {
    this.#isLight = isLight;
    this.#handles = handles;
    this.#strategies = strategies;
    this.#schema = schema;
  }

  /** Makes the tables; may be run again after a crash. */
  async migrate(database: TenantDatabase): Promise<void> {
    await this.work(database, (lease) => this.#schema.create(lease, database));
  }

  /**
   * Works as whoever may change the tables, on a connection that is closed afterwards where `closes` says so, so that
   * nothing that was set on it stays. The owner is checked first, whoever that is, and also where it was checked before.
   */
  async work<R>(
    database: TenantDatabase,
    work: (lease: ConnectionLease) => Promise<R>,
    closes: () => boolean = never,
  ): Promise<R> {
    if (database.placement.strategy !== "row") return this.#use(database, work, closes);
    await this.#checkSharedOwner(database);
    return outsideTenancy(() => this.#strategies.withShared(database, work));
  }

  /** Proves the marker of the database, its tables and a write that is taken back. */
  async verify(database: TenantDatabase): Promise<void> {
    try {
      await this.#prove(database);
    } catch {
      // A connection that was open may have been to what stands there no more: a new one tells what does.
      await this.#reopen(database);
      await this.#prove(database);
    }
  }

  /** Whoever makes many keeps none of them open, and closes none of those that are in use to make room for them. */
  async #prove(database: TenantDatabase): Promise<void> {
    const closes = () => this.#isLight && database.placement.strategy === "database";
    const prove = async (lease: ConnectionLease) => {
      await this.#schema.check(lease, database);
      await writeCanary(lease, database);
    };
    await this.#use(database, prove, closes);
  }

  /** What a server lacks to keep rows apart is put right before it is proven again that it does. */
  async #checkSharedOwner(database: TenantDatabase): Promise<void> {
    const check = () => this.#use(database, async () => undefined);
    try {
      await check();
    } catch (error) {
      if (!(error instanceof RowsExposedError)) throw error;
      await outsideTenancy(() => this.#strategies.secure(database));
      await check();
    }
  }

  /** Opens the database as a scope would, but outside of any. */
  async #use<R>(
    database: TenantDatabase,
    work: (lease: ConnectionLease) => Promise<R>,
    closes: () => boolean = never,
  ): Promise<R> {
    const handle = this.#handles.retain(database);
    handle.recheck();
    try {
      return await outsideTenancy(async () => {
        const lease = await handle.leaseInBulk();
        try {
          return await work(lease);
        } finally {
          await (closes() ? lease.destroy() : lease.release());
        }
      });
    } finally {
      this.#handles.release(handle);
    }
  }

  /** Has the next lease open the database and check its marker again. */
  async #reopen(database: TenantDatabase): Promise<void> {
    const handle = this.#handles.retain(database);
    try {
      await handle.whileClosed(() => undefined);
    } finally {
      this.#handles.release(handle);
    }
  }
}

const never = () => false;
