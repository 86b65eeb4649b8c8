import type { Catalogue, StartStep } from "../messages/catalogue.ts";
import { timerLength } from "../timer-length.ts";

/** How long an application may take to come up. */
export interface StartLimit {
  readonly milliseconds: number;
  readonly catalogue: Catalogue;
}

/**
 * Waits for a step of coming up, as long as it may take; throws `StartTimeoutError`, which names the part that hangs where
 * `hanging` knows it, and what was begun goes on.
 */
export async function inTime<T>(
  step: StartStep,
  work: Promise<T>,
  limit: StartLimit | undefined,
  hanging: () => string | undefined = () => undefined,
): Promise<T> {
  if (limit === undefined) return work;
  const { milliseconds, catalogue } = limit;
  const { StartTimeoutError } = await import("../errors.ts");
  const late = Promise.withResolvers<never>();
  const timer = setTimeout(() => {
    const message = catalogue.refusals.startTimedOut(step, milliseconds / 1_000, hanging());
    late.reject(new StartTimeoutError(message));
  }, timerLength(milliseconds));
  try {
    return await Promise.race([work, late.promise]);
  } finally {
    clearTimeout(timer);
  }
}
