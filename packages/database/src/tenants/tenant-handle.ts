import { type MaybePromise, outsideTenancy, type TenantDatabase } from "@af-tenancy/core";
import { Borrower } from "../connection/borrower.ts";
import type { ConnectionLease } from "../connection/connection-lease.ts";
import type { ConnectionPool } from "../connection/connection-pool.ts";
import type { LeaseScope } from "../connection/lease-scope.ts";
import { checkOwner } from "./check-owner.ts";
import type { TenantDriver } from "./tenant-driver.ts";
import type { TenantSource } from "./tenant-source.ts";

/** The way into one tenant's database, whose owner is checked before the first lease is given. */
export class TenantHandle implements TenantSource {
  readonly database: TenantDatabase;
  readonly single: boolean;
  /** How many scopes count on it; while there is one it is not forgotten. */
  references = 0;
  /** Nobody will be given it any more. */
  retired = false;
  readonly #driver: Pick<TenantDriver, "readOwner">;
  readonly #pool: ConnectionPool;
  readonly #borrower: Borrower;
  #checked = false;
  #checking: Promise<void> | undefined;

  constructor(
    database: TenantDatabase,
    driver: Pick<TenantDriver, "readOwner" | "connections">,
    pool: ConnectionPool,
  ) {
    this.database = database;
    this.#driver = driver;
    this.#pool = pool;
    const { connections, perTenant = connections } = driver.connections.budget(
      database.placement.server,
    );
    this.single = Math.min(connections, perTenant) === 1;
    this.#borrower = new Borrower(database, driver.connections);
  }

  /** The database was found to be its tenant's. */
  get checked(): boolean {
    return this.#checked;
  }

  /**
   * Takes a connection. Throws `DatabaseNotReadyError`, `DatabaseMismatchError`, `DatabaseUnavailableError` or
   * `PoolExhaustedError`, or the scope's end.
   */
  lease(scope?: Pick<LeaseScope, "signal">): MaybePromise<ConnectionLease> {
    if (this.#checked) return this.#pool.lease(this.#borrower, scope);
    return this.#checkAndLease(scope);
  }

  /** Lets nobody have a lease while `work` runs, waiting for those that are out; the owner is checked again after it. */
  async whileClosed<R>(work: () => R): Promise<Awaited<R>> {
    try {
      return await this.#pool.whileHeld(this.#borrower, work);
    } finally {
      this.recheck();
    }
  }

  /** Has the owner checked again before the next lease. */
  recheck(): void {
    this.#checked = false;
  }

  async #checkAndLease(scope: Pick<LeaseScope, "signal"> | undefined): Promise<ConnectionLease> {
    this.#checking ??= outsideTenancy(() => this.#check()).finally(() => {
      this.#checking = undefined;
    });
    await this.#checking;
    return this.#pool.lease(this.#borrower, scope);
  }

  /** Once for all who came first together; it outlives the scope of any of them. */
  async #check(): Promise<void> {
    const lease = await this.#pool.lease(this.#borrower);
    try {
      await checkOwner(this.#driver, lease, this.database);
    } catch (error) {
      await lease.destroy();
      throw error;
    }
    await lease.release();
    this.#checked = true;
  }
}
