import type { Clock } from "@af-tenancy/core";

/** What is kept of a text. */
export interface MemoryEntry {
  readonly text: string;
  /** In the time of `Clock.monotonic`. */
  readonly expiresAt: number;
  /** Whether it may be forgotten before its time. */
  readonly mayGo: boolean;
  /** Characters that it takes. */
  readonly size: number;
  /** Set by each use; whoever was not used since the last time round has to go. */
  used: boolean;
}

/** Texts by space and key within one bound for all of them. Whichever space has most gives up what it did not use lately. */
export class MemoryPool {
  readonly #max: number;
  readonly #clock: Clock;
  readonly #spaces = new Map<string, Space>();
  #size = 0;

  constructor(max: number, clock: Clock) {
    this.#max = max;
    this.#clock = clock;
  }

  read(space: string, key: string): MemoryEntry | undefined {
    const entry = this.#spaces.get(space)?.entries.get(key);
    if (entry === undefined) return undefined;
    if (this.timeLeft(entry) > 0) {
      entry.used = true;
      return entry;
    }
    this.remove(space, key);
    return undefined;
  }

  timeLeft({ expiresAt }: MemoryEntry): number {
    return expiresAt - this.#clock.monotonic();
  }

  /** Tells whether it has a place. */
  write(
    name: string,
    key: string,
    text: string,
    { ttl, mayGo }: { readonly ttl: number; readonly mayGo: boolean },
  ): boolean {
    this.remove(name, key);
    const space = this.#spaces.get(name) ?? { name, entries: new Map(), size: 0 };
    this.#spaces.set(name, space);
    const size = key.length + text.length + overhead;
    const expiresAt = this.#clock.monotonic() + ttl;
    space.entries.set(key, { text, expiresAt, mayGo, size, used: false });
    this.#grow(space, size);
    this.#makeRoom(space, key);
    if (this.#size <= this.#max) return space.entries.has(key);
    this.remove(name, key);
    return false;
  }

  remove(name: string, key: string): boolean {
    const space = this.#spaces.get(name);
    const entry = space?.entries.get(key);
    if (space === undefined || entry === undefined) return false;
    const isThere = this.timeLeft(entry) > 0;
    space.entries.delete(key);
    this.#grow(space, -entry.size);
    if (space.entries.size === 0) this.#spaces.delete(name);
    return isThere;
  }

  /** Removes what begins with a prefix in one space. */
  removeAll(name: string, prefix: string): void {
    for (const key of [...(this.#spaces.get(name)?.entries.keys() ?? [])]) {
      if (key.startsWith(prefix)) this.remove(name, key);
    }
  }

  /** Drops the spaces whose names begin with a prefix. */
  dropSpaces(prefix: string): void {
    for (const space of [...this.#spaces.values()]) {
      if (!space.name.startsWith(prefix)) continue;
      this.#grow(space, -space.size);
      this.#spaces.delete(space.name);
    }
  }

  #grow(space: Space, size: number): void {
    space.size += size;
    this.#size += size;
  }

  /**
   * A space above its share makes room for itself. Then larger ones give, and more than they must, or each small one would
   * have to look for them again.
   */
  #makeRoom(growing: Space, newcomer: string): void {
    if (this.#size <= this.#max) return;
    const share = this.#max / this.#spaces.size;
    if (growing.size > share) this.#evict(growing, this.#size - this.#max, newcomer);
    if (this.#size <= this.#max) return;
    const larger = [...this.#spaces.values()].filter(({ size }) => size > growing.size);
    for (const space of larger.sort((one, other) => other.size - one.size)) {
      this.#evict(space, this.#size - this.#max + this.#max / 100, newcomer);
      if (this.#size <= this.#max) return;
    }
  }

  /** Frees so much of what was not used since the last time round; each entry has its turn twice at most. */
  #evict(space: Space, wanted: number, newcomer: string): void {
    let freed = 0;
    for (let turns = space.entries.size * 2; turns > 0 && freed < wanted; turns -= 1) {
      const [first] = space.entries;
      if (first === undefined) return;
      const [key, entry] = first;
      const isOver = this.timeLeft(entry) <= 0;
      if (isOver || (entry.mayGo && !entry.used && key !== newcomer)) {
        freed += entry.size;
        this.remove(space.name, key);
        continue;
      }
      entry.used = false;
      space.entries.delete(key);
      space.entries.set(key, entry);
    }
  }
}

interface Space {
  readonly name: string;
  readonly entries: Map<string, MemoryEntry>;
  size: number;
}

/** Characters that an entry takes beside its own, roughly. */
const overhead = 100;
