import { setImmediate } from "node:timers/promises";
import type { Clock } from "../contracts/clock.ts";
import { InvalidInputError } from "../errors/registry-errors.ts";

/** A clock that stands still until it is told to move. */
export interface ManualClock extends Clock {
  /**
   * Moves time and wakes the sleepers that are due, in the order of their time. What was begun before, and what a
   * sleeper does next, runs up to its next sleep first, so a loop of sleeps goes round as often as in real time.
   */
  advance(milliseconds: number): Promise<void>;
}

/**
 * Makes a clock for tests, standing at `start` (milliseconds since 1970).
 *
 * @example
 * const clock = manualClock();
 * const slept = clock.sleep(60_000);
 * await clock.advance(60_000);
 * await slept;
 */
export function manualClock(start = 0): ManualClock {
  const sleepers = new Set<Sleeper>();
  let elapsed = 0;
  let promised = 0;

  return {
    now: () => start + elapsed,
    monotonic: () => elapsed,

    async sleep(milliseconds, signal) {
      signal?.throwIfAborted();
      if (!(milliseconds > 0)) return;
      await new Promise<void>((resolve, reject) => {
        const sleeper: Sleeper = { due: elapsed + milliseconds, wake };
        sleepers.add(sleeper);
        signal?.addEventListener("abort", abort, { once: true });

        function wake(): void {
          sleepers.delete(sleeper);
          signal?.removeEventListener("abort", abort);
          resolve();
        }

        function abort(): void {
          sleepers.delete(sleeper);
          reject(signal?.reason);
        }
      });
    },

    async advance(milliseconds) {
      if (!(milliseconds >= 0)) {
        throw new InvalidInputError("milliseconds", String(milliseconds), "time never goes back");
      }
      promised += milliseconds;
      const target = promised;
      await setImmediate(); // what was just begun may be about to sleep
      for (let next = earliest(sleepers); next && next.due <= target; next = earliest(sleepers)) {
        elapsed = Math.max(elapsed, next.due);
        next.wake();
        await setImmediate();
      }
      elapsed = Math.max(elapsed, target);
      await setImmediate();
    },
  };
}

interface Sleeper {
  readonly due: number;
  readonly wake: () => void;
}

/** A set keeps the order of insertion, so of two that are due together the one that slept first is found. */
function earliest(sleepers: Iterable<Sleeper>): Sleeper | undefined {
  let first: Sleeper | undefined;
  for (const sleeper of sleepers) if (!first || sleeper.due < first.due) first = sleeper;
  return first;
}
