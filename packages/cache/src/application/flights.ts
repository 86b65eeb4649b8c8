import { AsyncLocalStorage } from "node:async_hooks";
import { CacheReentryError, type Clock, isTenancyError } from "@af-tenancy/core";

/** A value that is being made, for whoever asks for it meanwhile. */
export interface Flight {
  /** Whose key it is, and in which store. */
  readonly space: string;
  readonly key: string;
  readonly tags: readonly string[];
  /** Its key was written or removed since it began, or cleared: what it makes is not kept, nor for who asks after that. */
  isOutdated: boolean;
  isOver: boolean;
}

/** What is made, and for whom: it is never asked for inside of its own making. */
export interface Making<R> extends Pick<Flight, "space" | "key" | "tags"> {
  /** Whether all who ask may have the same one. */
  readonly isShared: boolean;
  readonly make: (flight: Flight) => Promise<R>;
  /** Ends the making, for all who wait. */
  readonly stop: () => AbortSignal | undefined;
}

/** What is made once for all who ask for it at the same time. */
export class Flights {
  readonly #underWay = new Map<string | symbol, Sharing>();
  /** The makings that a call is inside of: to wait for one of them would never end. */
  readonly #inside = new AsyncLocalStorage<readonly Flight[]>();
  readonly #clock: Clock;
  readonly #patience: number;

  constructor(clock: Clock, patience: number) {
    this.#clock = clock;
    this.#patience = patience;
  }

  /**
   * Makes something, or waits for who makes it already. Where that one's scope ends before, or patience does, whoever waits
   * makes it; one of them at first, and each after twice that time. Throws `CacheReentryError`.
   */
  async share<R>(making: Making<R>): Promise<R> {
    const above = this.#inside.getStore() ?? [];
    const { space, key, tags, isShared } = making;
    if (above.some((one) => one.space === space && one.key === key && !one.isOver)) {
      throw new CacheReentryError(key);
    }
    const name = isShared ? JSON.stringify([space, key, ...tags]) : Symbol("not shared");
    let overdue: Sharing | undefined;
    for (let waits = 0; ; ) {
      const present = this.#underWay.get(name) as Sharing<R> | undefined;
      if (present === undefined || present.flight.isOutdated) {
        return this.#begin(name, making, undefined, above);
      }
      if (present === overdue || waits === mostWaits) {
        return this.#begin(name, making, present, above);
      }
      try {
        const given = await this.#patiently(present.result);
        if (given !== late) return given;
        overdue = present;
        waits += 1;
      } catch (error) {
        if (!isTenancyError(error) || error.code !== "CONTEXT_ENDED") throw error;
      }
    }
  }

  /** Has nothing kept of what is being made, nor given to who asks from now on. */
  outdate(isMeant: (flight: Flight) => boolean): void {
    for (const sharing of this.#underWay.values()) {
      if (isMeant(sharing.flight)) outdateAll(sharing);
    }
  }

  #begin<R>(
    name: string | symbol,
    { space, key, tags, make, stop }: Making<R>,
    earlier: Sharing | undefined,
    above: readonly Flight[],
  ): Promise<R> {
    const flight: Flight = { space, key, tags, isOutdated: false, isOver: false };
    const made = this.#inside.run([...above, flight], () => make(flight));
    const result = until(stop(), made).finally(() => {
      flight.isOver = true;
      // What an earlier one still makes is older than this, and nobody could outdate it any more.
      outdateAll(earlier);
      if (this.#underWay.get(name) === sharing) this.#underWay.delete(name);
    });
    const sharing: Sharing<R> = { flight, earlier, result };
    this.#underWay.set(name, sharing);
    return result;
  }

  /** Gives `late` where it takes too long. */
  async #patiently<R>(result: Promise<R>): Promise<R | typeof late> {
    const done = new AbortController();
    const isLate = (): typeof late => late;
    const time = this.#clock.sleep(this.#patience, done.signal).then(isLate, isLate);
    try {
      return await Promise.race([result, time]);
    } finally {
      done.abort();
    }
  }
}

interface Sharing<R = unknown> {
  readonly flight: Flight;
  /** Who took so long that this one began. */
  readonly earlier: Sharing | undefined;
  readonly result: Promise<R>;
}

const late = Symbol("late");
const mostWaits = 2;

function outdateAll(last: Sharing | undefined): void {
  for (let one = last; one !== undefined; one = one.earlier) one.flight.isOutdated = true;
}

async function until<R>(signal: AbortSignal | undefined, made: Promise<R>): Promise<R> {
  if (signal === undefined) return made;
  let stop = (): void => undefined;
  const ended = new Promise<never>((_, reject) => {
    stop = () => reject(signal.reason);
    signal.addEventListener("abort", stop, { once: true });
    if (signal.aborted) stop();
  });
  try {
    return await Promise.race([made, ended]);
  } finally {
    signal.removeEventListener("abort", stop);
  }
}
