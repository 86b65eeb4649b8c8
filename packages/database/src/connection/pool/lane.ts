import type { Borrower } from "./borrower.ts";
import type { LeaseTerms, PoolLease } from "./pool-lease.ts";

/** Somebody who waits for a connection. */
export interface Waiter {
  readonly terms: LeaseTerms;
  /** How many connections the caller holds already. */
  readonly depth: number;
  /** When its patience ends. */
  readonly due: number;
  resolve(lease: PoolLease): void;
  reject(error: unknown): void;
}

/** Waiters of one kind: tenants take turns, and of one tenant's waiters the first comes first. */
export class Lane {
  readonly #queues = new Map<Borrower, Set<Waiter>>();

  /** How many tenants wait. */
  get size(): number {
    return this.#queues.size;
  }

  add(waiter: Waiter): void {
    const queue = this.#queues.get(waiter.terms.borrower);
    if (queue === undefined) this.#queues.set(waiter.terms.borrower, new Set([waiter]));
    else queue.add(waiter);
  }

  remove(waiter: Waiter): void {
    const queue = this.#queues.get(waiter.terms.borrower);
    queue?.delete(waiter);
    if (queue?.size === 0) this.#queues.delete(waiter.terms.borrower);
  }

  /** The first waiter of a tenant. */
  firstOf(borrower: Borrower): Waiter | undefined {
    const queue = this.#queues.get(borrower);
    return queue === undefined ? undefined : first(queue);
  }

  /** The first waiters of the tenants whose turn comes next, at most so many. */
  next(most: number): readonly Waiter[] {
    const waiters: Waiter[] = [];
    for (const queue of this.#queues.values()) {
      const waiter = first(queue);
      if (waiter !== undefined) waiters.push(waiter);
      if (waiters.length >= most) break;
    }
    return waiters;
  }

  /** A tenant that has had its turn goes to the end. */
  turn(borrower: Borrower): void {
    const queue = this.#queues.get(borrower);
    if (queue === undefined) return;
    this.#queues.delete(borrower);
    this.#queues.set(borrower, queue);
  }
}

function first<T>(set: Set<T>): T | undefined {
  const [item] = set;
  return item;
}
