/**
 * The places for connections: one that is being opened or closed has one, so that the limit is never exceeded. The limit
 * shrinks when the server says that it has no connection left, and grows back while it does not.
 */
export class Places {
  readonly most: number;
  #limit: number;
  #taken = 0;
  #patience = firstPatience;
  #growsAt = 0;
  #isTrying = false;

  constructor(most: number) {
    this.most = most;
    this.#limit = most;
  }

  get limit(): number {
    return this.#limit;
  }

  get taken(): number {
    return this.#taken;
  }

  get isFree(): boolean {
    return this.#taken < this.#limit;
  }

  take(): void {
    this.#taken += 1;
  }

  give(): void {
    this.#taken -= 1;
  }

  /** The server has no connection left for us beyond those that we have. */
  shrink(now: number): void {
    this.#limit = Math.max(1, Math.min(this.#limit, this.#taken));
    if (this.#isTrying) this.#patience = Math.min(this.#patience * 2, longestPatience);
    this.#isTrying = false;
    this.#growsAt = now + this.#patience;
  }

  /** Tries one more after a while; each time in vain the while is longer. */
  grow(now: number): void {
    if (this.#limit === this.most) {
      this.#patience = firstPatience;
      this.#isTrying = false;
    } else if (now >= this.#growsAt) {
      this.#limit += 1;
      this.#isTrying = true;
    }
  }
}

/** Milliseconds. */
const firstPatience = 1_000;
const longestPatience = 30_000;
