import type { DriverConnections } from "../driver-connections.ts";
import { ConnectionPool } from "./connection-pool.ts";
import type { ConnectionPoolOptions } from "./pool-options.ts";
import type { PoolStatistics } from "./pool-statistics.ts";

/** What all pools of a driver have in common. */
export type ServerPoolsOptions = Omit<
  ConnectionPoolOptions,
  "budget" | "connections" | "server"
> & {
  readonly connections: DriverConnections;
};

/** The pools of a driver, one for the budget of each server. */
export class ServerPools {
  readonly #options: ServerPoolsOptions;
  readonly #pools = new Map<string, ConnectionPool>();

  constructor(options: ServerPoolsOptions) {
    this.#options = options;
  }

  /** How many connections there are to all servers together. */
  get size(): number {
    let size = 0;
    for (const pool of this.#pools.values()) size += pool.size;
    return size;
  }

  /** The pool of a server; throws a `TenancyError` for one that is not configured. */
  of(server: string): ConnectionPool {
    let pool = this.#pools.get(server);
    if (pool === undefined) {
      const budget = this.#options.connections.budget(server);
      pool = new ConnectionPool({ ...this.#options, server, budget });
      this.#pools.set(server, pool);
    }
    return pool;
  }

  /** How each pool is used. */
  statistics(): readonly PoolStatistics[] {
    return [...this.#pools.values()].map((pool) => pool.statistics());
  }

  /**
   * Closes every connection, those in use once they are given back or `grace` milliseconds are over; throws an
   * `AggregateError` of what failed.
   */
  async close(grace: number): Promise<void> {
    const closing = [...this.#pools.values()].map((pool) => pool.close(grace));
    const errors = (await Promise.allSettled(closing)).flatMap((result) =>
      result.status === "rejected" ? [result.reason] : [],
    );
    if (errors.length > 0) throw new AggregateError(errors, "Connections could not be closed.");
  }
}
