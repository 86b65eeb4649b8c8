import type { DriverConnections, ReplicaConnections } from "../driver-connections.ts";
import { ConnectionPool } from "./connection-pool.ts";
import type { ConnectionPoolOptions } from "./pool-options.ts";
import type { PoolStatistics } from "./pool-statistics.ts";
import { ReplicaHealth } from "./replica-health.ts";

/** What all pools of a driver have in common. */
export type ServerPoolsOptions = Omit<
  ConnectionPoolOptions,
  "budget" | "connections" | "server" | "failsOver"
> & {
  readonly connections: DriverConnections;
};

/** The connections to one read replica, which all tenants of its server share. */
export interface ReplicaPool {
  readonly name: string;
  readonly pool: ConnectionPool;
  readonly connections: DriverConnections;
  readonly health: ReplicaHealth;
}

/** The pools of a driver, one for the budget of each server and of each read replica. */
export class ServerPools {
  readonly #options: ServerPoolsOptions;
  readonly #pools = new Map<string, ConnectionPool>();
  readonly #replicas = new Map<string, readonly ReplicaPool[]>();
  #isClosed = false;

  constructor(options: ServerPoolsOptions) {
    this.#options = options;
  }

  /** How many connections there are to all servers together. */
  get size(): number {
    let size = 0;
    for (const pool of this.#all()) size += pool.size;
    return size;
  }

  /** The same where they are open; new ones, with the same options, where they were closed. */
  get opened(): ServerPools {
    return this.#isClosed ? new ServerPools(this.#options) : this;
  }

  /** The pool of a server; throws a `TenancyError` for one that is not configured. */
  of(server: string): ConnectionPool {
    let pool = this.#pools.get(server);
    if (pool === undefined) {
      const budget = this.#options.connections.budget(server);
      pool = this.#make({ ...this.#options, server, budget });
      this.#pools.set(server, pool);
    }
    return pool;
  }

  /** The pools of a server's read replicas, in the order in which they were configured; opens nothing. */
  replicasOf(server: string): readonly ReplicaPool[] {
    let replicas = this.#replicas.get(server);
    if (replicas === undefined) {
      const { connections, clock } = this.#options;
      replicas = (connections.replicas?.(server) ?? []).map((replica) => ({
        ...replica,
        pool: this.#replicaPool(server, replica),
        health: new ReplicaHealth(() => clock.monotonic()),
      }));
      this.#replicas.set(server, replicas);
    }
    return replicas;
  }

  /** How each pool is used. */
  statistics(): readonly PoolStatistics[] {
    return this.#all().map((pool) => pool.statistics());
  }

  /**
   * Closes every connection, those in use once they are given back or `grace` milliseconds are over; throws an
   * `AggregateError` of what failed.
   */
  async close(grace: number): Promise<void> {
    this.#isClosed = true;
    const closing = this.#all().map((pool) => pool.close(grace));
    const errors = (await Promise.allSettled(closing)).flatMap((result) =>
      result.status === "rejected" ? [result.reason] : [],
    );
    if (errors.length > 0) throw new AggregateError(errors, "Connections could not be closed.");
  }

  #replicaPool(server: string, { name, connections }: ReplicaConnections): ConnectionPool {
    const budget = connections.budget(server);
    const replica = `${server}/${name}`;
    const own = { server: replica, connections, budget, failsOver: true };
    return this.#make({ ...this.#options, ...own });
  }

  /** One that is made after the close lends nothing either. */
  #make(options: ConnectionPoolOptions): ConnectionPool {
    const pool = new ConnectionPool(options);
    if (this.#isClosed) void pool.close(0);
    return pool;
  }

  #all(): readonly ConnectionPool[] {
    const replicas = [...this.#replicas.values()].flat().map(({ pool }) => pool);
    return [...this.#pools.values(), ...replicas];
  }
}
