import type { PooledConnection } from "./pooled-connection.ts";

/**
 * Lists of connections by name. Empty ones stay for a while: most are filled again at once, and a `Map` pays for each
 * change of a key.
 */
export class ConnectionLists {
  readonly #lists = new Map<string, PooledConnection[]>();
  #room = fewLists;

  /** How many lists are kept, with those that are empty. */
  get size(): number {
    return this.#lists.size;
  }

  of(name: string): readonly PooledConnection[] {
    return this.#lists.get(name) ?? none;
  }

  add(name: string, connection: PooledConnection): void {
    const list = this.#lists.get(name);
    if (list !== undefined) {
      list.push(connection);
      return;
    }
    if (this.#lists.size >= this.#room) this.#sweep();
    this.#lists.set(name, [connection]);
  }

  /** Takes out one that is there. */
  remove(name: string, connection: PooledConnection): void {
    const list = this.#lists.get(name);
    if (list?.at(-1) === connection) list.pop();
    else list?.splice(list.indexOf(connection), 1);
  }

  /** The next time is when as many have come again, so that each name costs the same, however many there are. */
  #sweep(): void {
    for (const [name, list] of this.#lists) if (list.length === 0) this.#lists.delete(name);
    this.#room = fewLists + 2 * this.#lists.size;
  }
}

/** So few are left alone. */
const fewLists = 16;

const none: readonly never[] = Object.freeze([]);
