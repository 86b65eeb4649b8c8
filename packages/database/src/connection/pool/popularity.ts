/**
 * Remembers how often each key was asked for lately, so that what is needed all the time is told from what came once.
 * What is old counts half again and again and is forgotten in the end, so that no more than twice as many keys are
 * remembered as there were askings in between.
 */
export class Popularity {
  readonly #period: number;
  readonly #counts = new Map<string, number>();
  #left: number;

  /** After so many askings all that were before count half. */
  constructor(period: number) {
    this.#period = period;
    this.#left = period;
  }

  /** How many keys are remembered. */
  get size(): number {
    return this.#counts.size;
  }

  /** How often a key was asked for lately. */
  of(key: string): number {
    return this.#counts.get(key) ?? 0;
  }

  /** Takes note that a key is asked for. */
  note(key: string): void {
    this.#counts.set(key, this.of(key) + 1);
    this.#left -= 1;
    if (this.#left === 0) this.#fade();
  }

  #fade(): void {
    this.#left = this.#period;
    for (const [key, count] of this.#counts) {
      if (count > 1) this.#counts.set(key, count >> 1);
      else this.#counts.delete(key);
    }
  }
}
