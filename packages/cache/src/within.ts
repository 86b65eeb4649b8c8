import { type Clock, RegistryUnavailableError } from "@af-tenancy/core";

/**
 * Waits for the registry's answer so long and no longer; then throws `RegistryUnavailableError`. A timer that comes late,
 * because something kept the process busy, first lets in the answer that came meanwhile.
 */
export async function within<R>(
  work: PromiseLike<R>,
  milliseconds: number,
  clock: Clock,
  stop?: AbortSignal,
): Promise<R> {
  const answered = new AbortController();
  const signal = stop === undefined ? answered.signal : AbortSignal.any([stop, answered.signal]);
  const late = clock.sleep(milliseconds, signal).then(async () => {
    await new Promise((resolve) => setImmediate(resolve));
    const text = `The registry did not answer within ${milliseconds} ms.`;
    throw new RegistryUnavailableError({
      cause: new DOMException(text, "TimeoutError"),
      transient: true,
    });
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    late.catch(() => undefined);
    answered.abort();
  }
}
