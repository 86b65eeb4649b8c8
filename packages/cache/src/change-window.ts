import type { OutboxEntry } from "@af-tenancy/core";
import { keysOf } from "./tenant-keys.ts";

/**
 * Remembers which keys changed when, by the sequence numbers of the registry. Of a key that it does not remember it
 * says the latest number that it has forgotten, so that nothing older than that is taken for fresh.
 */
export class ChangeWindow {
  readonly #size: number;
  readonly #changes = new Map<string, number>();
  readonly #order: KeyedChange[] = [];
  #forgotten = 0;
  #highest = 0;

  /** `size` is how many changes are remembered. */
  constructor(size: number) {
    this.#size = size;
  }

  /** The latest change that this process knows of. Whatever is read from now on includes it and all before it. */
  get highest(): number {
    return this.#highest;
  }

  /** The number before which this key did not change for all that is known; what was read then or later is fresh. */
  changedAt(key: string): number {
    return this.#changes.get(key) ?? this.#forgotten;
  }

  record(change: OutboxEntry): void {
    const { sequence } = change;
    const keys = keysOf(change);
    this.#highest = Math.max(this.#highest, sequence);
    for (const key of keys) {
      if (this.changedAt(key) < sequence) this.#changes.set(key, sequence);
    }
    this.#order.push({ sequence, keys });
    if (this.#order.length >= this.#size * 2) this.#forget(this.#order.splice(0, this.#size));
  }

  /** Forgets everything: what was read before `sequence` is no longer fresh, whatever it is about. */
  beginAt(sequence: number): void {
    this.#changes.clear();
    this.#order.length = 0;
    this.#forgotten = sequence;
    this.#highest = sequence;
  }

  #forget(old: readonly KeyedChange[]): void {
    for (const { sequence, keys } of old) {
      this.#forgotten = Math.max(this.#forgotten, sequence);
      for (const key of keys) if (this.#changes.get(key) === sequence) this.#changes.delete(key);
    }
  }
}

/** The number of a change, and the keys that it touched. */
interface KeyedChange {
  readonly sequence: number;
  readonly keys: readonly string[];
}
