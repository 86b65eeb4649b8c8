import type { PooledConnection } from "./pooled-connection.ts";

/** Open connections that nobody uses. */
export class IdleConnections {
  /** In the order in which they became idle. */
  readonly #all = new Set<PooledConnection>();
  readonly #byKey = new Lists();
  readonly #bySeat = new Lists();

  add(connection: PooledConnection): void {
    this.#all.add(connection);
    this.#byKey.add(connection.key, connection);
    if (connection.seat !== undefined) this.#bySeat.add(connection.seat, connection);
  }

  /**
   * Takes the connection of a key that was used last. For a seat it takes the last that was entered for it, or else the
   * one that has been idle longest, which somebody else is least likely to come back to.
   */
  take({ key, seat }: { key: string; seat?: string | undefined }): PooledConnection | undefined {
    const connection =
      seat === undefined
        ? this.#byKey.of(key).at(-1)
        : (this.#bySeat.of(seat).at(-1) ?? this.#byKey.of(key).at(0));
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
    const taken = [...(key === undefined ? this.#all : this.#byKey.of(key))];
    for (const connection of taken) this.remove(connection);
    return taken;
  }

  /** `false` when it is not idle. */
  remove(connection: PooledConnection): boolean {
    if (!this.#all.delete(connection)) return false;
    this.#byKey.remove(connection.key, connection);
    if (connection.seat !== undefined) this.#bySeat.remove(connection.seat, connection);
    return true;
  }
}

/** Lists by name, of which none is empty. */
class Lists {
  readonly #lists = new Map<string, PooledConnection[]>();

  of(name: string): readonly PooledConnection[] {
    return this.#lists.get(name) ?? [];
  }

  add(name: string, connection: PooledConnection): void {
    const list = this.#lists.get(name);
    if (list === undefined) this.#lists.set(name, [connection]);
    else list.push(connection);
  }

  remove(name: string, connection: PooledConnection): void {
    const list = this.#lists.get(name) ?? [];
    if (list.length <= 1) this.#lists.delete(name);
    else list.splice(list.lastIndexOf(connection), 1);
  }
}
