import { ConnectionPool, type ConnectionPoolOptions } from "./connection-pool.ts";
import type { DriverConnections } from "./driver-connections.ts";

type ServerPoolsOptions = Omit<ConnectionPoolOptions, "budget" | "connections"> & {
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
      pool = new ConnectionPool({ ...this.#options, budget });
      this.#pools.set(server, pool);
    }
    return pool;
  }

  /** Closes every connection, those in use once they are given back; throws an `AggregateError` of what failed. */
  async close(): Promise<void> {
    const closing = [...this.#pools.values()].map((pool) => pool.close());
    const errors = (await Promise.allSettled(closing)).flatMap((result) =>
      result.status === "rejected" ? [result.reason] : [],
    );
    if (errors.length > 0) throw new AggregateError(errors, "Connections could not be closed.");
  }
}
