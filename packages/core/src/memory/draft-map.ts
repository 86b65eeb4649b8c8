/** The part of a map that a table of the memory registry needs. */
export interface Table<K, V extends NonNullable<unknown>> {
  get(key: K): V | undefined;
  set(key: K, value: V): unknown;
  delete(key: K): unknown;
  values(): Iterable<V>;
}

/** Reads through to a table and keeps changes apart from it until they are committed. */
export class DraftMap<K, V extends NonNullable<unknown>> implements Table<K, V> {
  readonly #base: Map<K, V>;
  /** `undefined` stands for a removal. */
  readonly #changes = new Map<K, V | undefined>();

  constructor(base: Map<K, V>) {
    this.#base = base;
  }

  get(key: K): V | undefined {
    return this.#changes.has(key) ? this.#changes.get(key) : this.#base.get(key);
  }

  set(key: K, value: V): void {
    this.#changes.set(key, value);
  }

  delete(key: K): void {
    this.#changes.set(key, undefined);
  }

  *values(): Generator<V> {
    for (const [key, value] of this.#base) {
      const current = this.#changes.has(key) ? this.#changes.get(key) : value;
      if (current !== undefined) yield current;
    }
    for (const [key, value] of this.#changes) {
      if (value !== undefined && !this.#base.has(key)) yield value;
    }
  }

  /** Writes the changes into the table. */
  commit(): void {
    for (const [key, value] of this.#changes) {
      if (value === undefined) this.#base.delete(key);
      else this.#base.set(key, value);
    }
  }
}
