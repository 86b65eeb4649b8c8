/** Stands in one list at most, and knows its neighbours there. */
export interface Listed<T> {
  previous?: T | undefined;
  next?: T | undefined;
}

/**
 * Things in the order in which they came, each of which leaves when it likes. A `Set` would do the same, but every table
 * that it outgrows leads to the next one, so that the garbage collector keeps whatever ever stood in them until it marks
 * the whole heap: with one entry per request that is every request's scope.
 */
export class LinkedList<T extends Listed<T>> {
  #first: T | undefined;
  #last: T | undefined;
  #size = 0;

  get size(): number {
    return this.#size;
  }

  /** The one that came first of those that are there. */
  get first(): T | undefined {
    return this.#first;
  }

  *[Symbol.iterator](): Generator<T> {
    for (let item = this.#first; item !== undefined; ) {
      const { next } = item;
      yield item;
      item = next;
    }
  }

  has(item: T): boolean {
    return item.previous !== undefined || this.#first === item;
  }

  /** Adds one at the end that stands in no list. */
  add(item: T): void {
    item.previous = this.#last;
    if (this.#last === undefined) this.#first = item;
    else this.#last.next = item;
    this.#last = item;
    this.#size += 1;
  }

  /** `false` when it is not there. */
  delete(item: T): boolean {
    if (!this.has(item)) return false;
    const { previous, next } = item;
    if (previous === undefined) this.#first = next;
    else previous.next = next;
    if (next === undefined) this.#last = previous;
    else next.previous = previous;
    item.previous = undefined;
    item.next = undefined;
    this.#size -= 1;
    return true;
  }
}
