import { type Clock, isTransient } from "@af-tenancy/core";

/** How long something is tried again, and what ends that early. */
export interface PatienceOptions {
  readonly clock: Clock;
  /** Milliseconds from the first failure on; 0 for no second attempt. */
  readonly milliseconds: number;
  readonly signal: AbortSignal;
  /** Gives a number from 0 up to 1, so that those who failed together do not come back together. */
  readonly random: () => number;
}

/** The pauses between the attempts at one thing: each about twice as long as the one before, up to a limit. */
export class Patience {
  readonly #options: PatienceOptions;
  #until: number | undefined;
  #pause = shortest;

  constructor(options: PatienceOptions) {
    this.#options = options;
  }

  /**
   * Tells whether what failed is to be tried again, after a pause: it passes by itself, and there is time left. Rejects
   * with the signal's reason when that is aborted.
   */
  async allows(error: unknown): Promise<boolean> {
    if (!isTransient(error)) return false;
    const { clock, milliseconds, signal, random } = this.#options;
    const now = clock.monotonic();
    this.#until ??= now + milliseconds;
    const left = this.#until - now;
    if (left <= 0) return false;
    await clock.sleep(Math.min(left, this.#pause * (0.5 + random() / 2)), signal);
    this.#pause = Math.min(this.#pause * 2, longest);
    return true;
  }
}

/** Makes an attempt again as long as patience allows it; throws what the last one threw. */
export async function patiently<R>(
  options: PatienceOptions,
  attempt: () => Promise<R>,
): Promise<R> {
  const patience = new Patience(options);
  for (;;) {
    try {
      return await attempt();
    } catch (error) {
      if (!(await patience.allows(error))) throw error;
    }
  }
}

/** Milliseconds of the first pause and of the longest. */
const shortest = 50;
const longest = 2_000;
