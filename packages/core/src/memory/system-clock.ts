import type { Clock } from "../contracts/clock.ts";

/**
 * Tells real time.
 *
 * @example await systemClock().sleep(1_000, signal);
 */
export function systemClock(): Clock {
  return {
    now: () => Date.now(),
    monotonic: () => performance.now(),
    async sleep(milliseconds, signal) {
      signal?.throwIfAborted();
      for (let rest = milliseconds; rest > 0; rest -= longestTimer) {
        await wait(Math.min(rest, longestTimer), signal);
      }
    },
  };
}

/** Node fires a longer timer at once. */
const longestTimer = 2 ** 31 - 1;

function wait(milliseconds: number, signal: AbortSignal | undefined): Promise<void> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(finish, milliseconds);
    signal?.addEventListener("abort", abort, { once: true });

    function finish(): void {
      signal?.removeEventListener("abort", abort);
      resolve();
    }

    function abort(): void {
      clearTimeout(timer);
      reject(signal?.reason);
    }
  });
}
