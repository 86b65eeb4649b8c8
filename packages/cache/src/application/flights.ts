import { isTenancyError } from "@af-tenancy/core";

/** A value that is being made, for whoever asks for it meanwhile. */
export interface Flight {
  /** Its key was written or removed since it began, so that what it makes is not kept. */
  isOutdated: boolean;
}

/** What is made once for all who ask for it at the same time. */
export class Flights {
  readonly #underWay = new Map<string, Sharing>();

  /**
   * Makes something, or waits for who makes it already. Where that one's scope ends before, whoever waits makes it.
   *
   * @param stop ends the making, for all who wait
   */
  async share<R>(
    name: string,
    key: string,
    make: (flight: Flight) => Promise<R>,
    stop: () => AbortSignal | undefined,
  ): Promise<R> {
    for (;;) {
      const present = this.#underWay.get(name) as Sharing<R> | undefined;
      if (present === undefined) return this.#begin(name, key, make, stop());
      try {
        return await present.result;
      } catch (error) {
        if (!isTenancyError(error) || error.code !== "CONTEXT_ENDED") throw error;
      }
    }
  }

  /** Has nothing kept that is being made under a key. */
  outdate(keys: ReadonlySet<string>): void {
    if (this.#underWay.size === 0) return;
    for (const { key, flight } of this.#underWay.values()) {
      if (keys.has(key)) flight.isOutdated = true;
    }
  }

  #begin<R>(
    name: string,
    key: string,
    make: (flight: Flight) => Promise<R>,
    signal: AbortSignal | undefined,
  ): Promise<R> {
    const flight: Flight = { isOutdated: false };
    const result = until(signal, make(flight)).finally(() => this.#underWay.delete(name));
    this.#underWay.set(name, { key, flight, result });
    return result;
  }
}

interface Sharing<R = unknown> {
  readonly key: string;
  readonly flight: Flight;
  readonly result: Promise<R>;
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
