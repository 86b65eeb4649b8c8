/** What one layer did since the process began; times are milliseconds. */
export interface LayerStats {
  /** How often it gave the answer. */
  readonly hits: number;
  /** How often it had none, or one that was too old. */
  readonly misses: number;
  /** How often it failed or was not there. */
  readonly failures: number;
  /** Hits of all that it was asked for; 0 where it was not. */
  readonly hitRatio: number;
  /** The mean of what was measured: of memory every 256th answer, of the others every one. */
  readonly meanTime: number;
  readonly longestTime: number;
}

/** Counts what one layer does. */
export class LayerCounts {
  hits = 0;
  misses = 0;
  failures = 0;
  #measured = 0;
  #total = 0;
  #longest = 0;

  /** Notes how long one answer took. */
  took(milliseconds: number): void {
    this.#measured += 1;
    this.#total += milliseconds;
    if (milliseconds > this.#longest) this.#longest = milliseconds;
  }

  get stats(): LayerStats {
    const { hits, misses, failures } = this;
    const asked = hits + misses + failures;
    return {
      hits,
      misses,
      failures,
      hitRatio: asked === 0 ? 0 : hits / asked,
      meanTime: this.#measured === 0 ? 0 : this.#total / this.#measured,
      longestTime: this.#longest,
    };
  }
}
