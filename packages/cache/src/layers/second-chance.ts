/** What a `SecondChance` keeps. */
export interface Chanced {
  /** Set by each use; whoever was not used since the last time round has to go. */
  used: boolean;
}

/**
 * A map of bounded size that forgets what was not used lately (the clock algorithm). A use writes one field and moves
 * nothing, so that it costs a busy reader no more than a plain map and makes no garbage.
 */
export class SecondChance<V extends Chanced> {
  readonly #max: number;
  readonly #entries = new Map<string, V>();
  /** Every key is at least once in here; one that is no longer in the map leaves its place to the next. */
  readonly #ring: string[] = [];
  #hand = 0;

  constructor(max: number) {
    this.#max = max;
  }

  get size(): number {
    return this.#entries.size;
  }

  get(key: string): V | undefined {
    const value = this.#entries.get(key);
    if (value !== undefined) value.used = true;
    return value;
  }

  /** Gives what is there without using it. */
  peek(key: string): V | undefined {
    return this.#entries.get(key);
  }

  /** Gives what had to go for it, if anything. */
  set(key: string, value: V): V | undefined {
    if (this.#entries.has(key)) {
      this.#entries.set(key, value);
      return undefined;
    }
    this.#entries.set(key, value);
    if (this.#ring.length < this.#max) {
      this.#ring.push(key);
      return undefined;
    }
    return this.#takePlace(key);
  }

  delete(key: string): void {
    this.#entries.delete(key);
  }

  clear(): void {
    this.#entries.clear();
    this.#ring.length = 0;
    this.#hand = 0;
  }

  #takePlace(key: string): V | undefined {
    for (;;) {
      const place = this.#hand;
      this.#hand = (place + 1) % this.#max;
      const present = this.#ring[place] as string;
      if (present === key) return undefined; // it was deleted and has its old place again
      const value = this.#entries.get(present);
      if (value?.used) {
        value.used = false;
        continue;
      }
      this.#ring[place] = key;
      this.#entries.delete(present);
      return value;
    }
  }
}
