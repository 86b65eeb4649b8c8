import type { Clock } from "@af-tenancy/core";
import { PoolExhaustedError } from "../errors.ts";
import type { Borrower } from "./borrower.ts";
import type { LeaseScope } from "./lease-scope.ts";
import type { PooledConnection } from "./pooled-connection.ts";

/** Somebody who waits for a connection. */
export interface Waiter {
  readonly borrower: Borrower;
  resolve(connection: PooledConnection): void;
  reject(error: unknown): void;
}

/** Those who wait for a connection, in the order in which they came, each until its patience or its scope ends. */
export class WaitingLine {
  readonly #clock: Clock;
  readonly #patience: number;
  readonly #waiters = new Set<Waiter>();

  constructor(clock: Clock, patience: number) {
    this.#clock = clock;
    this.#patience = patience;
  }

  get size(): number {
    return this.#waiters.size;
  }

  [Symbol.iterator](): Iterator<Waiter> {
    return this.#waiters.values();
  }

  /** Ends the wait of all whom the connection that could not be opened would have served. */
  reject({ key, seat }: Borrower, error: unknown): void {
    for (const waiter of this.#waiters) {
      if (waiter.borrower.key === key && waiter.borrower.seat === seat) waiter.reject(error);
    }
  }

  /** Waits for a connection; rejects with `PoolExhaustedError` or the scope's end. */
  async wait(
    borrower: Borrower,
    scope: Pick<LeaseScope, "signal"> | undefined,
  ): Promise<PooledConnection> {
    const signal = scope?.signal;
    signal?.throwIfAborted();
    const patience = new AbortController();
    return new Promise<PooledConnection>((resolve, reject) => {
      const leave = (settle: () => void) => {
        if (!this.#waiters.delete(waiter)) return;
        borrower.waiting -= 1;
        signal?.removeEventListener("abort", end);
        patience.abort(waitIsOver);
        settle();
      };
      const waiter: Waiter = {
        borrower,
        resolve: (connection) => leave(() => resolve(connection)),
        reject: (error) => leave(() => reject(error)),
      };
      const end = () => waiter.reject(signal?.reason);
      this.#waiters.add(waiter);
      borrower.waiting += 1;
      signal?.addEventListener("abort", end);
      this.#clock.sleep(this.#patience, patience.signal).then(
        () =>
          waiter.reject(new PoolExhaustedError(borrower.database.placement.name, this.#patience)),
        () => {}, // nobody waits any more
      );
    });
  }
}

/** Why patience ends; given, so that no error is made for it. */
const waitIsOver = "the wait is over";
