import type { Clock } from "@af-tenancy/core";
import type { LeaseScope } from "./lease-scope.ts";
import { LinkedList, type Listed } from "./linked-list.ts";

/** Somebody's place in the line. */
interface Turn extends Listed<Turn> {
  enter(): void;
}

/** Lets users of one connection in one at a time, in the order in which they came. */
export class Turns {
  readonly #clock: Clock;
  readonly #patience: number;
  readonly #tooLate: (milliseconds: number) => Error;
  readonly #waiting = new LinkedList<Turn>();
  #taken = false;
  /** When somebody's turn came last. */
  #moved = Number.NEGATIVE_INFINITY;

  /**
   * Waits for a turn as long as the line moves: where nobody's comes for `patience` milliseconds, which a `take` may have
   * more of, what `tooLate` makes is thrown.
   */
  constructor(clock: Clock, patience: number, tooLate: (milliseconds: number) => Error) {
    this.#clock = clock;
    this.#patience = patience;
    this.#tooLate = tooLate;
  }

  /** Nobody has the turn. */
  get free(): boolean {
    return !this.#taken;
  }

  /** Takes the turn; gives a promise only when it has to be waited for, and which a scope's end rejects. */
  take(
    scope?: Pick<LeaseScope, "signal">,
    patience: number = this.#patience,
  ): Promise<void> | undefined {
    if (this.#taken) return this.#wait(scope?.signal, patience);
    this.#taken = true;
    return undefined;
  }

  /** Hands the turn to the one who waits longest. */
  give(): void {
    const { first: next } = this.#waiting;
    if (next === undefined) {
      this.#taken = false;
      return;
    }
    this.#waiting.delete(next);
    this.#moved = this.#clock.monotonic();
    next.enter();
  }

  async #wait(signal: AbortSignal | undefined, patience: number): Promise<void> {
    signal?.throwIfAborted();
    const waiting = new AbortController();
    await new Promise<void>((resolve, reject) => {
      const turn: Turn = { enter };
      function enter() {
        signal?.removeEventListener("abort", end);
        waiting.abort(turnCame);
        resolve();
      }
      const leave = (error: unknown) => {
        if (!this.#waiting.delete(turn)) return;
        signal?.removeEventListener("abort", end);
        waiting.abort(turnCame);
        reject(error);
      };
      const end = () => leave(signal?.reason);
      this.#waiting.add(turn);
      signal?.addEventListener("abort", end);
      this.#standstill(patience, waiting.signal).then(
        () => leave(this.#tooLate(patience)),
        () => {}, // nobody waits any more
      );
    });
  }

  /** Resolves once the line has not moved for as long as patience lasts; how long the line is does not matter. */
  async #standstill(patience: number, signal: AbortSignal): Promise<void> {
    const came = this.#clock.monotonic();
    for (let left = patience; left > 0; ) {
      await this.#clock.sleep(left, signal);
      left = Math.max(came, this.#moved) + patience - this.#clock.monotonic();
    }
  }
}

/** Why the wait ends; given, so that no error is made for it. */
const turnCame = "its turn has come";
