import type { Clock } from "../contracts/clock.ts";
import { TransactionTimeoutError } from "../errors/registry-errors.ts";

/** Lets transactions in one at a time, in the order in which they came. */
export class TransactionQueue {
  #busy = false;
  readonly #waiting = new Set<() => void>();

  /** Waits for its turn; throws `TransactionTimeoutError` when it does not come within the patience. */
  async enter(clock: Clock, patience: number): Promise<void> {
    if (!this.#busy) {
      this.#busy = true;
      return;
    }
    const impatience = new AbortController();
    await new Promise<void>((resolve, reject) => {
      const enter = () => {
        impatience.abort();
        resolve();
      };
      this.#waiting.add(enter);
      clock.sleep(patience, impatience.signal).then(
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
