import type { PooledConnection } from "./pooled-connection.ts";

/** Open connections that nobody uses. */
export class IdleConnections {
  /** In the order in which they became idle. */
  readonly #all = new Set<PooledConnection>();
  readonly #byKey = new Map<string, PooledConnection[]>();

  add(connection: PooledConnection): void {
    this.#all.add(connection);
    const same = this.#byKey.get(connection.key);
    if (same === undefined) this.#byKey.set(connection.key, [connection]);
    else same.push(connection);
  }

  /** Takes the connection of a key that was used last. */
  take(key: string): PooledConnection | undefined {
    const connection = this.#byKey.get(key)?.at(-1);
    if (connection !== undefined) this.remove(connection);
    return connection;
  }

  /** Takes the connection that has been idle longest. */
  takeOldest(): PooledConnection | undefined {
    const [oldest] = this.#all;
    if (oldest !== undefined) this.remove(oldest);
    return oldest;
  }

  /** Takes all of a key, or all there are. */
  takeAll(key?: string): readonly PooledConnection[] {
    const taken = [...(key === undefined ? this.#all : (this.#byKey.get(key) ?? []))];
    for (const connection of taken) this.remove(connection);
    return taken;
  }

  /** `false` when it is not idle. */
  remove(connection: PooledConnection): boolean {
    if (!this.#all.delete(connection)) return false;
    const same = this.#byKey.get(connection.key) ?? [];
    if (same.length === 1) this.#byKey.delete(connection.key);
    else same.splice(same.lastIndexOf(connection), 1);
    return true;
  }
}
