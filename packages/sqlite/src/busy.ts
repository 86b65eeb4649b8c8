import { setTimeout } from "node:timers/promises";
import { codeOf } from "./code-of.ts";

/**
 * How long SQLite's locks are waited for between attempts, in milliseconds each: a lock that others take all the time is
 * free for moments only, and who asks seldom never finds it so.
 */
const firstPauses: readonly number[] = [1, 1, 2, 2];
const laterPause = 4;

/** Milliseconds for which a lock is waited for in all. */
const patience = 10_000;

/**
 * Runs work again as long as another connection holds SQLite's lock, letting the process do other things in between;
 * throws what `tooLate` makes when the lock is not free after ten seconds, and at once what `refuse` makes.
 */
export async function whileBusy<R>(
  work: () => R,
  tooLate: (milliseconds: number) => Error,
  refuse?: () => Error | undefined,
): Promise<R> {
  const start = performance.now();
  for (let attempt = 0; performance.now() - start < patience; attempt++) {
    try {
      return work();
    } catch (error) {
      if (!isBusy(error)) throw error;
      const refusal = refuse?.();
      if (refusal !== undefined) throw refusal;
    }
    await setTimeout(firstPauses[attempt] ?? laterPause);
  }
  throw tooLate(patience);
}

/** Tells whether SQLite refused because another connection holds a lock. */
export function isBusy(error: unknown): boolean {
  return codeOf(error)?.startsWith("SQLITE_BUSY") ?? false;
}
