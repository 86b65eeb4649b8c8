import { setTimeout } from "node:timers/promises";

/**
 * Lets other processes have a file's write lock in between: SQLite gives it to whoever happens to ask while it is free,
 * and a process that always has the next transaction ready hardly leaves it free.
 */
export class HandOver {
  readonly #now: () => number;
  /** When the present row of transactions began, with no pause among them. */
  #since = 0;
  #ended = Number.NEGATIVE_INFINITY;

  constructor(now: () => number = () => performance.now()) {
    this.#now = now;
  }

  /** Takes the lock, after a pause where this process has had it for long enough. */
  async begin(take: () => Promise<void>): Promise<void> {
    const asked = this.#now();
    if (asked - this.#ended < pause && asked - this.#since > longest) await setTimeout(pause);
    await take();
    const began = this.#now();
    // Whoever had to wait, or came late, begins another row.
    if (began - this.#ended >= pause) this.#since = began;
  }

  /** Takes note that the lock was let go of. */
  ended(): void {
    this.#ended = this.#now();
  }
}

/** Milliseconds for which one process may have the lock without a pause. */
const longest = 50;

/** Milliseconds of a pause, in which each process that waits asks at least once. */
const pause = 8;
