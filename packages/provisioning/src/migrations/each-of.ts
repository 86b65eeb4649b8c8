import { setImmediate as turnOfTheLoop } from "node:timers/promises";

/**
 * Visits what a queue gives, several at a time: each worker takes the next one when it has finished its last, so that a
 * slow one keeps nobody else waiting. After a throw, or once `isStopped`, no further one is begun; the first throw
 * surfaces when all have come to rest. Timers and signals have their turn after each: where a driver answers at once,
 * leases would not be renewed otherwise, and nobody could stop it.
 */
export async function eachOf<V>(
  queue: AsyncIterable<V> | Iterable<V>,
  concurrency: number,
  visit: (value: V) => Promise<void>,
  isStopped: () => boolean = () => false,
): Promise<void> {
  const source =
    Symbol.asyncIterator in queue ? queue[Symbol.asyncIterator]() : queue[Symbol.iterator]();
  const failures: unknown[] = [];

  async function work(): Promise<void> {
    while (failures.length === 0 && !isStopped()) {
      const next = await source.next();
      if (next.done || failures.length > 0 || isStopped()) return;
      await visit(next.value);
      await turnOfTheLoop();
    }
  }

  const workers = Array.from({ length: concurrency }, () =>
    work().catch((error: unknown) => {
      failures.push(error);
    }),
  );
  await Promise.all(workers);
  await source.return?.();
  if (failures.length > 0) throw failures[0];
}
