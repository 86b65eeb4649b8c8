import type { ChangeFeed, Clock, OutboxEntry } from "@af-tenancy/core";
import { within } from "./within.ts";

/** What follows the changes, and who hears of them. */
export interface ChangeFollowing {
  readonly changes: ChangeFeed;
  readonly clock: Clock;
  /** Milliseconds that the registry may take for one answer. */
  readonly timeout: number;
  /** How many changes before the start are read as well. */
  readonly before: number;
  changed(changes: readonly OutboxEntry[]): void;
  /** The changes cannot be followed from where they were: all that was read before this number may be wrong. */
  beginAt(sequence: number): void;
  /** Hears of a failure, once until it works again. */
  failed(error: unknown): void;
}

/**
 * Reads the registry's changes by their sequence numbers: every two seconds, and at once when it is woken. It knows up
 * to when it has heard of all of them.
 */
export class ChangeFollower {
  readonly #following: ChangeFollowing;
  readonly #stop = new AbortController();
  #position = 0;
  #heardAllAt = Number.NEGATIVE_INFINITY;
  #hasFailed = false;
  #wake = new AbortController();
  #running: Promise<void> | undefined;

  constructor(following: ChangeFollowing) {
    this.#following = following;
  }

  /** By `Clock.monotonic`: every change that was committed before this time is known. */
  get heardAllAt(): number {
    return this.#heardAllAt;
  }

  /** Begins a little before the latest change; throws what the registry throws. */
  async start(): Promise<void> {
    await this.#begin();
    await this.#catchUp();
    this.#running = this.#follow();
  }

  async stop(): Promise<void> {
    this.#stop.abort();
    await this.#running;
  }

  /** Has it look now. */
  wake(): void {
    this.#wake.abort();
  }

  async #follow(): Promise<void> {
    const { clock, failed } = this.#following;
    const { signal } = this.#stop;
    while (!signal.aborted) {
      const woken = AbortSignal.any([signal, this.#wake.signal]);
      await clock.sleep(period, woken).catch(() => undefined);
      if (signal.aborted) return;
      this.#wake = new AbortController();
      try {
        await this.#catchUp();
        this.#hasFailed = false;
      } catch (error) {
        if (!this.#hasFailed && !signal.aborted) failed(error);
        this.#hasFailed = true;
      }
    }
  }

  /** It always stands at a change that is there, for numbers may have gaps. */
  async #begin(): Promise<void> {
    const { changes, before, beginAt } = this.#following;
    const last = await this.#answer(changes.last());
    const [first] = await this.#answer(changes.readAfter(Math.max(0, last - before), 1));
    this.#position = first?.sequence ?? last;
    beginAt(this.#position);
  }

  /**
   * The change it stands at is read again each time: where that is gone, the registry is not the one that it was, or has
   * removed it as too old. Where none was there yet, the first one tells by its number that none before it was removed.
   */
  async #catchUp(): Promise<void> {
    const { changes, clock, changed } = this.#following;
    while (!this.#stop.signal.aborted) {
      const askedAt = clock.monotonic();
      const from = this.#position;
      const read = await this.#answer(changes.readAfter(Math.max(0, from - 1), batch));
      const expected = from > 0 ? read[0]?.sequence === from : (read[0]?.sequence ?? 1) === 1;
      if (!expected) {
        await this.#begin();
        continue;
      }
      changed(from > 0 ? read.slice(1) : read);
      this.#position = read.at(-1)?.sequence ?? from;
      if (read.length < batch) {
        this.#heardAllAt = askedAt;
        return;
      }
    }
  }

  #answer<R>(work: Promise<R>): Promise<R> {
    const { clock, timeout } = this.#following;
    return within(work, timeout, clock, this.#stop.signal);
  }
}

/** Milliseconds between two looks. */
const period = 2_000;
const batch = 1_000;
