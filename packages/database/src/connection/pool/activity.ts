import type { Borrower } from "./borrower.ts";

/** Counts the tenants that want something of a pool: those that asked in this window of time or in the one before. */
export class Activity {
  readonly #now: () => number;
  #window = 1;
  #ends: number;
  #current = 0;
  #before = 0;

  constructor(now: () => number) {
    this.#now = now;
    this.#ends = now() + windowLength;
  }

  /** Takes note that a tenant asks now. */
  touch(borrower: Borrower, now: number): void {
    this.#roll(now);
    if (borrower.window === this.#window) return;
    if (borrower.window === this.#window - 1) this.#before -= 1;
    borrower.window = this.#window;
    this.#current += 1;
  }

  /** How many of so many connections one tenant may have while all the others want some. */
  fairShare(connections: number): number {
    this.#roll(this.#now());
    return Math.max(1, Math.floor(connections / Math.max(1, this.#current + this.#before)));
  }

  #roll(now: number): void {
    const late = now - this.#ends;
    if (late < 0) return;
    const windows = 1 + Math.floor(late / windowLength);
    this.#before = windows === 1 ? this.#current : 0;
    this.#current = 0;
    this.#window += windows;
    this.#ends += windows * windowLength;
  }
}

/** Milliseconds; two of them make the second within which a tenant's share shrinks when others ask. */
const windowLength = 450;
