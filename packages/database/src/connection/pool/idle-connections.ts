import { LinkedList } from "../linked-list.ts";
import { type Borrower, targetOf } from "./borrower.ts";
import { ConnectionLists } from "./connection-lists.ts";
import type { PooledConnection } from "./pooled-connection.ts";
import { Popularity } from "./popularity.ts";

/**
 * Open connections that nobody uses. Those whose tenants are asked for most stay, so that many tenants who come once do
 * not take the places of those who come all the time.
 */
export class IdleConnections {
  readonly #popularity: Popularity;
  /** The one that has been idle longest comes first. */
  readonly #all = new LinkedList<PooledConnection>();
  readonly #byKey = new ConnectionLists();
  readonly #bySeat = new ConnectionLists();

  constructor(limit: number) {
    this.#popularity = new Popularity(limit * memory);
  }

  get size(): number {
    return this.#all.size;
  }

  [Symbol.iterator](): Iterator<PooledConnection> {
    return this.#all[Symbol.iterator]();
  }

  /** Takes note that somebody wants a connection, whether there is one or not. */
  note({ key }: Pick<Borrower, "key">): void {
    this.#popularity.note(key);
  }

  has(key: string): boolean {
    return this.#byKey.of(key).length > 0;
  }

  add(connection: PooledConnection): void {
    this.#byKey.add(connection.key, connection);
    if (connection.seat !== undefined) this.#bySeat.add(targetOf(connection), connection);
    this.#all.add(connection);
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

  /** Takes the one that is needed least of those that have been idle since then or longer. */
  takeForRoom(since: number): PooledConnection | undefined {
    let least: PooledConnection | undefined;
    let need = Number.POSITIVE_INFINITY;
    for (const connection of this.#all) {
      if (connection.idleSince > since) break;
      const its = this.#needOf(connection);
      if (its < need) [least, need] = [connection, its];
    }
    if (least !== undefined) this.remove(least);
    return least;
  }

  /** Takes all of a key, or all there are. */
  takeAll(key?: string): readonly PooledConnection[] {
    const taken = [...(key === undefined ? this : this.#byKey.of(key))];
    for (const connection of taken) this.remove(connection);
    return taken;
  }

  /** `false` when it is not idle. */
  remove(connection: PooledConnection): boolean {
    if (!this.#all.delete(connection)) return false;
    this.#byKey.remove(connection.key, connection);
    if (connection.seat !== undefined) this.#bySeat.remove(targetOf(connection), connection);
    return true;
  }

  /** Of several to one key the one that is used next is needed as much as the key is, and each further one less. */
  #needOf(connection: PooledConnection): number {
    const sameKey = this.#byKey.of(connection.key);
    const before = sameKey.length - 1 - sameKey.indexOf(connection);
    return this.#popularity.of(connection.key) / 4 ** before;
  }
}

/** Requests for each place, after which those before count half. */
const memory = 50;
