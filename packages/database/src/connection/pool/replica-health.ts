/**
 * Remembers for all tenants whether a read replica can be reached. After several failures in a row it is left alone for
 * a while that grows; then one caller tries it, and the others go elsewhere until it has answered.
 */
export class ReplicaHealth {
  readonly #now: () => number;
  #failures = 0;
  #failure: unknown;
  #restsUntil = 0;

  constructor(now: () => number) {
    this.#now = now;
  }

  /** What it failed with the last time. */
  get failure(): unknown {
    return this.#failure;
  }

  /** Tells whether the caller may try it; one that rests is tried by one caller at a time. */
  mayTry(): boolean {
    if (this.#failures < tolerated) return true;
    if (this.#now() < this.#restsUntil) return false;
    this.#rest();
    return true;
  }

  /** It has answered, which makes up for all failures before. */
  answered(): void {
    this.#failures = 0;
  }

  /** It could not be reached, or refused to serve. */
  failed(error: unknown): void {
    this.#failures += 1;
    this.#failure = error;
    this.#rest();
  }

  #rest(): void {
    const doubled = shortest * 2 ** Math.max(0, this.#failures - tolerated);
    this.#restsUntil = this.#now() + Math.min(doubled, longest);
  }
}

/** How many failures in a row may be one tenant's own. */
const tolerated = 3;
/** Milliseconds that it rests at first, and at most. */
const shortest = 200;
const longest = 5_000;
