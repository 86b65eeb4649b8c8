import {
  isThenable,
  type MaybePromise,
  outsideTenancy,
  type TenantDatabase,
} from "@af-tenancy/core";
import { answeredWithin } from "../connection/answered-within.ts";
import type { ConnectionLease } from "../connection/connection-lease.ts";
import type { LeaseRequest } from "../connection/lease-request.ts";
import type { Listed } from "../connection/linked-list.ts";
import { Borrower } from "../connection/pool/borrower.ts";
import type { ConnectionPool } from "../connection/pool/connection-pool.ts";
import type { Late } from "../connection/pool/leases.ts";
import { checkOwner } from "./check-owner.ts";
import type { TenantDriver } from "./tenant-driver.ts";
import type { TenantReplica, TenantSource } from "./tenant-source.ts";

/** The way into one tenant's database on a read replica of its server. */
export interface ReplicaHandle extends TenantReplica {
  readonly source: TenantHandle;
}

/**
 * The way into one tenant's database, whose owner is checked before the first lease is given, and before the first one
 * after its connections were opened anew: whatever stood behind the old ones may have gone with them.
 */
export class TenantHandle implements TenantSource, Listed<TenantHandle> {
  readonly database: TenantDatabase;
  readonly single: boolean;
  /** How many scopes count on it; while there is one it is not forgotten. */
  references = 0;
  previous: TenantHandle | undefined = undefined;
  next: TenantHandle | undefined = undefined;
  readonly #driver: Pick<TenantDriver, "readOwner">;
  readonly #pool: ConnectionPool;
  readonly #borrower: Borrower;
  readonly #connectTimeout: number | undefined;
  readonly #makeReplicas: () => readonly ReplicaHandle[];
  #replicas: readonly ReplicaHandle[] | undefined;
  /** How often connections had been opened when the owner was checked last; `undefined` when it is to be checked. */
  #proven: number | undefined;
  #rechecks = 0;
  #checking: Promise<void> | undefined;
  #retired = false;
  #successor: TenantHandle | undefined;

  constructor(
    database: TenantDatabase,
    driver: Pick<TenantDriver, "readOwner" | "connections">,
    pool: ConnectionPool,
    makeReplicas: () => readonly ReplicaHandle[] = () => [],
  ) {
    this.database = database;
    this.#makeReplicas = makeReplicas;
    this.#driver = driver;
    this.#pool = pool;
    const budget = driver.connections.budget(database.placement.server);
    const { connections, perTenant = connections, connectTimeout } = budget;
    this.#connectTimeout = connectTimeout;
    this.single = Math.min(connections, perTenant) === 1;
    this.#borrower = new Borrower(database, driver.connections);
  }

  /** The database was found to be its tenant's, there or on a replica. */
  get checked(): boolean {
    return (
      this.#proven !== undefined || this.#replicas?.some(({ source }) => source.checked) === true
    );
  }

  /** The ways into it on the replicas of its server, made when they are first asked for. */
  get replicas(): readonly ReplicaHandle[] {
    if (this.#successor !== undefined) return this.#successor.replicas;
    this.#replicas ??= this.#makeReplicas();
    return this.#replicas;
  }

  /** Nobody will be given it any more. */
  get retired(): boolean {
    return this.#retired;
  }

  /**
   * Takes a connection. Throws `DatabaseNotReadyError`, `DatabaseMismatchError`, `DatabaseUnavailableError` or
   * `PoolExhaustedError`, or the scope's end.
   */
  lease(request?: LeaseRequest): MaybePromise<ConnectionLease> {
    if (this.#successor !== undefined) return this.#successor.lease(request);
    const lease =
      this.#proven === undefined
        ? this.#checkAndLease(request)
        : this.#pool.lease(this.#borrower, request);
    if (isThenable(lease)) return this.#waitFor(lease, request);
    return this.#isProven ? lease : this.#prove(lease);
  }

  /** Takes a connection for background work; no scope's end takes it away while the owner is checked on it. */
  async leaseInBulk(): Promise<ConnectionLease> {
    const request = { lane: "bulk" } as const;
    if (this.#successor !== undefined || this.#checking !== undefined) return this.lease(request);
    return this.#waitFor(Promise.resolve(this.#pool.lease(this.#borrower, request)), request);
  }

  /**
   * Lets nobody have a lease while `work` runs, on no replica either, waiting for those that are out; the owner is
   * checked again after it. Throws `PoolExhaustedError` where they are `kept` and do not come back.
   */
  async whileClosed<R>(work: () => R, late: Late = "kept"): Promise<Awaited<R>> {
    const { replicas } = this;
    const closed = () => whileAllClosed(replicas, work, late);
    try {
      return await this.#pool.whileHeld(this.#borrower, closed, late);
    } finally {
      this.recheck();
    }
  }

  /** Has the owner checked again before the next lease. */
  recheck(): void {
    this.#proven = undefined;
    this.#rechecks += 1;
    this.#successor?.recheck();
    for (const { source } of this.#replicas ?? []) source.recheck();
  }

  /** Has another handle serve those who count on this one, as when the tenant's credentials have changed. */
  succeedBy(successor: TenantHandle): void {
    this.#successor = successor;
    this.retire();
    this.#pool.supersede(this.#borrower).catch(() => undefined); // what is stuck is tried again
    for (const [index, { source }] of (this.#replicas ?? []).entries()) {
      const next = successor.replicas[index];
      if (next !== undefined) source.succeedBy(next.source);
    }
  }

  /** Has it given to nobody any more. */
  retire(): void {
    this.#retired = true;
    this.#pool.forget(this.#borrower);
    for (const { source } of this.#replicas ?? []) source.retire();
  }

  /** A wait may end because another handle has taken over. */
  async #waitFor(
    lease: PromiseLike<ConnectionLease>,
    request: LeaseRequest | undefined,
  ): Promise<ConnectionLease> {
    try {
      const got = await lease;
      return this.#isProven ? got : await this.#prove(got);
    } catch (error) {
      if (this.#successor === undefined) throw error;
      return this.#successor.lease(request);
    }
  }

  async #checkAndLease(request: LeaseRequest | undefined): Promise<ConnectionLease> {
    this.#checking ??= outsideTenancy(() => this.#check()).finally(() => {
      this.#checking = undefined;
    });
    await this.#checking;
    return this.#pool.lease(this.#borrower, request);
  }

  /** Once for all who came first together; it outlives the scope of any of them. */
  async #check(): Promise<void> {
    const lease = await this.#prove(await this.#pool.lease(this.#borrower));
    await lease.release();
  }

  get #isProven(): boolean {
    return this.#proven === this.#pool.openings(this.#borrower);
  }

  /** Checks the owner on a leased connection, which is closed when it is not the tenant's. */
  async #prove(lease: ConnectionLease): Promise<ConnectionLease> {
    const [openings, rechecks] = [this.#pool.openings(this.#borrower), this.#rechecks];
    try {
      const { name } = this.database.placement;
      const checking = outsideTenancy(() => checkOwner(this.#driver, lease, this.database));
      await answeredWithin(this.#connectTimeout, name, checking);
    } catch (error) {
      await lease.destroy();
      throw error;
    }
    if (rechecks === this.#rechecks) this.#proven = openings;
    return lease;
  }
}

async function whileAllClosed<R>(
  [first, ...others]: readonly ReplicaHandle[],
  work: () => R,
  late: Late,
): Promise<Awaited<R>> {
  if (first === undefined) return await work();
  return first.source.whileClosed(() => whileAllClosed(others, work, late), late);
}
