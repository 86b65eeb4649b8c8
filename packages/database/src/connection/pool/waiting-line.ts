import type { Clock } from "@af-tenancy/core";
import { PoolExhaustedError } from "../../errors.ts";
import { DatabaseUnavailableError } from "../../server-errors.ts";
import { LinkedList, type Listed } from "../linked-list.ts";
import type { Borrower } from "./borrower.ts";
import { Lane, type Waiter } from "./lane.ts";
import type { LeaseTerms, PoolLease } from "./pool-lease.ts";

/** A waiter's position in the order in which they all came. */
interface Position extends Listed<Position> {
  readonly waiter: Waiter;
}

/** Those who wait for a connection, each until its patience or its scope ends. */
export class WaitingLine {
  /** Who holds a connection already. */
  readonly nested = new Lane();
  readonly normal = new Lane();
  /** Background work. */
  readonly bulk = new Lane();
  readonly #clock: Clock;
  readonly #patience: number;
  /** All are equally patient, so that they become due in the order in which they came. */
  readonly #positions = new LinkedList<Position>();
  #watching: AbortController | undefined;
  #closed: Error | undefined;

  constructor(clock: Clock, patience: number) {
    this.#clock = clock;
    this.#patience = patience;
  }

  get size(): number {
    return this.#positions.size;
  }

  *[Symbol.iterator](): Generator<Waiter> {
    for (const { waiter } of this.#positions) yield waiter;
  }

  laneOf({ depth, terms: { bulk } }: Pick<Waiter, "depth" | "terms">): Lane {
    if (depth > 0) return this.nested;
    return bulk ? this.bulk : this.normal;
  }

  /** Ends the wait of a tenant. */
  reject(borrower: Borrower, error: unknown): void {
    for (const waiter of this) if (waiter.terms.borrower === borrower) waiter.reject(error);
  }

  /**
   * Ends the wait of a tenant whose connection could not be opened. Where its server could not be reached, all end who
   * wait for connections of the same key: each would find out by an opening of its own, one after the other.
   */
  rejectAll(borrower: Borrower, error: unknown): void {
    this.reject(borrower, error);
    if (!(error instanceof DatabaseUnavailableError)) return;
    const { cause, transient } = error;
    for (const { terms, reject } of this) {
      const { key, database } = terms.borrower;
      if (key !== borrower.key) continue;
      reject(new DatabaseUnavailableError(database.placement.name, { cause, transient }));
    }
  }

  /** Ends the wait of all with an error, and that of everybody who comes later. */
  close(error: Error): void {
    this.#closed = error;
    for (const { reject } of this) reject(error);
  }

  /** Waits for a connection; rejects with `PoolExhaustedError`, the signal's reason, or that of `close`. */
  wait(terms: LeaseTerms, depth: number, signal: AbortSignal | undefined): Promise<PoolLease> {
    if (this.#closed !== undefined) return Promise.reject(this.#closed);
    if (signal?.aborted) return Promise.reject(signal.reason);
    return new Promise<PoolLease>((resolve, reject) => {
      const end = () => waiter.reject(signal?.reason);
      const waiter: Waiter = {
        terms,
        depth,
        due: this.#clock.monotonic() + this.#patience,
        resolve: (lease) => {
          this.#leave(position, signal, end);
          resolve(lease);
        },
        reject: (error) => {
          this.#leave(position, signal, end);
          reject(error);
        },
      };
      const position: Position = { waiter };
      this.#positions.add(position);
      this.laneOf(waiter).add(waiter);
      terms.borrower.waiting += 1;
      signal?.addEventListener("abort", end);
      if (this.#watching === undefined) void this.#watch();
    });
  }

  #leave(position: Position, signal: AbortSignal | undefined, end: () => void): void {
    if (!this.#positions.delete(position)) return;
    const { waiter } = position;
    this.laneOf(waiter).remove(waiter);
    waiter.terms.borrower.waiting -= 1;
    signal?.removeEventListener("abort", end);
    if (this.size === 0) this.#watching?.abort(nobodyWaits);
  }

  /** One timer for all, while anybody waits. */
  async #watch(): Promise<void> {
    const watching = new AbortController();
    this.#watching = watching;
    try {
      for (;;) {
        const { first } = this.#positions;
        if (first === undefined) return;
        const rest = Math.max(0, first.waiter.due - this.#clock.monotonic());
        await this.#clock.sleep(rest, watching.signal);
        this.#expire();
      }
    } catch {
      // Nobody waits any more.
    } finally {
      this.#watching = undefined;
      if (this.size > 0) void this.#watch();
    }
  }

  #expire(): void {
    const now = this.#clock.monotonic();
    for (const waiter of this) {
      if (waiter.due > now) return;
      const { name } = waiter.terms.borrower.database.placement;
      waiter.reject(new PoolExhaustedError(name, this.#patience));
    }
  }
}

/** Why the watch ends; given, so that no error is made for it. */
const nobodyWaits = "nobody waits";
