import type { Clock } from "../contracts/clock.ts";
import { TransactionTimeoutError } from "../errors/registry-errors.ts";

/** Lets transactions in one at a time, in the order in which they came. */
export class TransactionQueue {
  #busy = false;
  readonly #waiting = new Set<() => void>();
  /** When somebody's turn came last. */
  #moved = Number.NEGATIVE_INFINITY;

  /** Waits for its turn; throws `TransactionTimeoutError` when nobody's comes within the patience. */
  async enter(clock: Clock, patience: number): Promise<void> {
    if (!this.#busy) {
      this.#busy = true;
      return;
    }
    const impatience = new AbortController();
    const standstill = async () => {
      const came = clock.monotonic();
      for (let left = patience; left > 0; ) {
        await clock.sleep(left, impatience.signal);
        left = Math.max(came, this.#moved) + patience - clock.monotonic();
      }
    };
    await new Promise<void>((resolve, reject) => {
      const enter = () => {
        impatience.abort();
        this.#moved = clock.monotonic();
        resolve();
      };
      this.#waiting.add(enter);
      standstill().then(
        () => {
          if (this.#waiting.delete(enter)) reject(new TransactionTimeoutError(patience));
        },
        () => {}, // aborted: its turn has come
      );
    });
  }

  /** Lets the next one in. */
  leave(): void {
    const [next] = this.#waiting;
    if (next === undefined) {
      this.#busy = false;
      return;
    }
    this.#waiting.delete(next);
    next();
  }
}
