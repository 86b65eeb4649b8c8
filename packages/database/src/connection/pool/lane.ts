import { LinkedList, type Listed } from "../linked-list.ts";
import type { Borrower } from "./borrower.ts";
import type { LeaseTerms, PoolLease } from "./pool-lease.ts";

/** Somebody who waits for a connection. */
export interface Waiter extends Listed<Waiter> {
  readonly terms: LeaseTerms;
  /** How many connections the caller holds already. */
  readonly depth: number;
  /** When its patience ends. */
  readonly due: number;
  resolve(lease: PoolLease): void;
  reject(error: unknown): void;
}

/** The waiters of one tenant, which the line of tenants holds while there are any. */
class Queue implements Listed<Queue> {
  readonly waiters = new LinkedList<Waiter>();
  previous: Queue | undefined = undefined;
  next: Queue | undefined = undefined;
}

/** Waiters of one kind: tenants take turns, and of one tenant's waiters the first comes first. */
export class Lane {
  readonly #line = new LinkedList<Queue>();
  /** A tenant that has waited once keeps its queue. */
  readonly #queues = new WeakMap<Borrower, Queue>();

  /** How many tenants wait. */
  get size(): number {
    return this.#line.size;
  }

  add(waiter: Waiter): void {
    const { borrower } = waiter.terms;
    let queue = this.#queues.get(borrower);
    if (queue === undefined) {
      queue = new Queue();
      this.#queues.set(borrower, queue);
    }
    if (queue.waiters.size === 0) this.#line.add(queue);
    queue.waiters.add(waiter);
  }

  remove(waiter: Waiter): void {
    const queue = this.#queues.get(waiter.terms.borrower);
    if (queue?.waiters.delete(waiter) && queue.waiters.size === 0) this.#line.delete(queue);
  }

  /** The first waiter of a tenant. */
  firstOf(borrower: Borrower): Waiter | undefined {
    return this.#queues.get(borrower)?.waiters.first;
  }

  /** The first waiters of the tenants whose turn comes next, at most so many. */
  next(most: number): readonly Waiter[] {
    const waiters: Waiter[] = [];
    for (const { waiters: its } of this.#line) {
      if (its.first !== undefined) waiters.push(its.first);
      if (waiters.length >= most) break;
    }
    return waiters;
  }

  /** A tenant that has had its turn goes to the end. */
  turn(borrower: Borrower): void {
    const queue = this.#queues.get(borrower);
    if (queue !== undefined && this.#line.delete(queue)) this.#line.add(queue);
  }
}
