import { type Borrower, targetOf } from "./borrower.ts";
import type { PooledConnection } from "./pooled-connection.ts";

/**
 * Open connections that nobody uses. Those that were used once make room first and those that came back often stay, so
 * that many tenants who come once do not take the places of those who come all the time.
 */
export class IdleConnections {
  readonly #maxRegulars: number;
  readonly #newcomers = new Set<PooledConnection>();
  readonly #regulars = new Set<PooledConnection>();
  readonly #byKey = new Lists();
  readonly #bySeat = new Lists();

  constructor(limit: number) {
    this.#maxRegulars = Math.ceil(limit * 0.9);
  }

  get size(): number {
    return this.#newcomers.size + this.#regulars.size;
  }

  /** The one to make room first comes first. */
  *[Symbol.iterator](): Generator<PooledConnection> {
    yield* this.#newcomers;
    yield* this.#regulars;
  }

  has(key: string): boolean {
    return this.#byKey.of(key).length > 0;
  }

  add(connection: PooledConnection): void {
    this.#byKey.add(connection.key, connection);
    if (connection.seat !== undefined) this.#bySeat.add(targetOf(connection), connection);
    if (connection.uses < 2) this.#newcomers.add(connection);
    else this.#addRegular(connection);
  }

  /**
   * Takes the connection of a key that was used last. For a seat it takes the last that was entered for it, or else the
   * one that has been idle longest, which somebody else is least likely to come back to.
   */
  take({ key, seat, target }: Borrower): PooledConnection | undefined {
    const connection =
      seat === undefined
        ? this.#byKey.of(key).at(-1)
        : (this.#bySeat.of(target).at(-1) ?? this.#byKey.of(key).at(0));
    if (connection !== undefined) this.remove(connection);
    return connection;
  }

  /** Takes the one that is to make room, if it has been idle since then or longer. */
  takeForRoom(since: number): PooledConnection | undefined {
    for (const group of [this.#newcomers, this.#regulars]) {
      const [longest] = group;
      if (longest === undefined || longest.idleSince > since) continue;
      this.remove(longest);
      return longest;
    }
    return undefined;
  }

  /** Takes all of a key, or all there are. */
  takeAll(key?: string): readonly PooledConnection[] {
    const taken = [...(key === undefined ? this : this.#byKey.of(key))];
    for (const connection of taken) this.remove(connection);
    return taken;
  }

  /** `false` when it is not idle. */
  remove(connection: PooledConnection): boolean {
    if (!this.#newcomers.delete(connection) && !this.#regulars.delete(connection)) return false;
    this.#byKey.remove(connection.key, connection);
    if (connection.seat !== undefined) this.#bySeat.remove(targetOf(connection), connection);
    return true;
  }

  #addRegular(connection: PooledConnection): void {
    this.#regulars.add(connection);
    if (this.#regulars.size <= this.#maxRegulars) return;
    const [longest] = this.#regulars;
    if (longest === undefined) return;
    this.#regulars.delete(longest);
    this.#newcomers.add(longest);
  }
}

/** Lists by name, of which none is empty. */
class Lists {
  readonly #lists = new Map<string, PooledConnection[]>();

  of(name: string): readonly PooledConnection[] {
    return this.#lists.get(name) ?? none;
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

const none: readonly never[] = Object.freeze([]);
