import { outsideTenancy } from "@af-tenancy/core";
import type { Places } from "./places.ts";
import type { PooledConnection } from "./pooled-connection.ts";

/** Closes connections, outside any tenant and off everybody's way; one that cannot be closed keeps its place. */
export class Closer {
  readonly #places: Places;
  readonly #closed: (connection: PooledConnection) => void;
  readonly #closing = new Set<Promise<void>>();
  readonly #stuck = new Set<PooledConnection>();

  /** Tells when a connection is closed and its place is free. */
  constructor(places: Places, closed: (connection: PooledConnection) => void) {
    this.#places = places;
    this.#closed = closed;
  }

  /** How many are being closed. */
  get size(): number {
    return this.#closing.size;
  }

  /** Resolves once it is closed; it needs not be waited for, not even to hear that it failed. */
  close(connection: PooledConnection): Promise<void> {
    const closing = outsideTenancy(() => this.#destroy(connection));
    const settled = closing.catch(() => undefined);
    this.#closing.add(settled);
    void settled.then(() => this.#closing.delete(settled));
    return closing;
  }

  /** Tries again to close what could not be closed. */
  retry(): void {
    void this.closeAll([]);
  }

  /** Resolves once nothing is being closed. */
  async settled(): Promise<void> {
    await Promise.all(this.#closing);
  }

  /** Closes them, and what could not be closed before; gives what failed. */
  async closeAll(connections: Iterable<PooledConnection>): Promise<readonly unknown[]> {
    const stuck = [...this.#stuck];
    this.#stuck.clear();
    const closing = [...connections, ...stuck].map((one) => this.close(one));
    const results = await Promise.allSettled(closing);
    return results.flatMap((one) => (one.status === "rejected" ? [one.reason] : []));
  }

  async #destroy(connection: PooledConnection): Promise<void> {
    try {
      await connection.driver.destroy();
    } catch (error) {
      this.#stuck.add(connection);
      throw error;
    }
    this.#places.give();
    this.#closed(connection);
  }
}
