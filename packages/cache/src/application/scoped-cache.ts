import { randomBytes } from "node:crypto";
import {
  type ApplicationCache,
  type CacheClearOptions,
  type CacheLock,
  type CacheLockOptions,
  type CacheTime,
  CacheUnavailableError,
  InvalidInputError,
  type MaybePromise,
} from "@af-tenancy/core";
import { StoredLock } from "./cache-lock.ts";
import type { CacheParts } from "./cache-parts.ts";
import { keptText, pairsOf, textOfValue, type Versions, withTagsOf } from "./cache-text.ts";
import { valueKey } from "./cache-versions.ts";
import { checkCallOptions, checkName, checkNames, checkTtl } from "./check-calls.ts";
import type { Flight } from "./flights.ts";

/** A cache of one owner in one store, tied to the scope in which it was asked for. */
export class ScopedCache implements ApplicationCache {
  readonly #parts: CacheParts;
  readonly #tags: readonly string[];

  constructor(parts: CacheParts, tags: readonly string[] = []) {
    this.#parts = parts;
    this.#tags = tags;
  }

  async get<V>(key: string): Promise<V | undefined> {
    return (await this.getMany<V>([key])).get(key);
  }

  async getMany<V>(keys: readonly string[]): Promise<ReadonlyMap<string, V>> {
    const names = checkNames("key", keys);
    const { events } = this.#parts;
    const counts = (found: ReadonlyMap<string, V>) => ({ asked: names.length, found: found.size });
    return this.#look(() => events.timed("read", () => this.#find<V>(names), counts));
  }

  async has(key: string): Promise<boolean> {
    return (await this.getMany([key])).has(key);
  }

  set(key: string, value: unknown, options?: CacheTime): Promise<boolean> {
    return this.setMany(new Map([[key, value]]), options);
  }

  async setMany(
    values: Readonly<Record<string, unknown>> | ReadonlyMap<string, unknown>,
    options: CacheTime = {},
  ): Promise<boolean> {
    const ttl = this.#ttlOf(options);
    const texts = pairsOf(values).map(
      ([key, value]) => [checkName("key", key), this.#textOf(value)] as const,
    );
    if (texts.length === 0) return true;
    this.#outdateKeys(texts.map(([key]) => key));
    return this.#parts.held(() =>
      this.#leniently(async () => {
        await this.#write(() => this.#parts.versioned.current(this.#tags), texts, ttl);
        return true;
      }, false),
    );
  }

  async delete(key: string | readonly string[]): Promise<boolean> {
    const names = checkNames("key", key);
    this.#outdateKeys(names);
    const { entries, events } = this.#parts;
    const remove = () => entries.deleteMany(names.map(valueKey));
    const counts = (deleted: number) => ({ deleted });
    return this.#parts.held(async () => (await events.timed("deleted", remove, counts)) > 0);
  }

  async getOrSet<V>(key: string, make: () => MaybePromise<V>, options: CacheTime = {}): Promise<V> {
    const ttl = this.#ttlOf(options);
    checkName("key", key);
    const found = await this.getMany<V>([key]);
    if (found.has(key)) return found.get(key) as V;
    const { flights, space, entries, signal } = this.#parts;
    const text = await flights.share({
      ...{ space, key, tags: this.#tags, isShared: entries.isApart?.() !== true, stop: signal },
      make: async (flight) => {
        const versions = await this.#parts.held(() =>
          this.#leniently(() => this.#parts.versioned.current(this.#tags), undefined),
        );
        // Somebody may have made it between the question and now.
        const now = await this.#look(() => this.#find<V>([key]));
        if (now.has(key)) return this.#textOf(now.get(key));
        const made = await this.#parts.events.timed("made", async () => make());
        if (made === undefined) return undefined;
        const written = this.#textOf(made);
        if (versions === undefined || flight.isOutdated) return written;
        const keep = () => this.#write(() => versions, [[key, written]], ttl);
        await this.#parts.held(() => this.#leniently(keep, undefined));
        return written;
      },
    });
    // Each a copy of its own.
    return (text === undefined ? undefined : JSON.parse(text)) as V;
  }

  async increment(key: string, by = 1, options: CacheTime = {}): Promise<number> {
    const ttl = this.#ttlOf(options);
    checkName("key", key);
    if (!Number.isFinite(by)) throw new InvalidInputError("by", String(by), "pass a finite number");
    this.#outdateKeys([key]);
    const count = async () => {
      const { versioned, entries } = this.#parts;
      for (let tries = 0; tries < mostTries; tries += 1) {
        const versions = await versioned.current(this.#tags);
        const [reading] = await versioned.read([key]);
        const { text, kept } = reading ?? {};
        const next = numberOf(key, kept?.value ?? 0) + by;
        const written = keptText(withTagsOf(kept, versions), this.#textOf(next));
        const time = kept === undefined ? ttl : undefined;
        if (await entries.replace(valueKey(key), text, written, time)) return next;
      }
      throw new CacheUnavailableError(`"${key}" changes all the time`);
    };
    return this.#parts.held(() => this.#parts.events.timed("counted", count));
  }

  tags(...given: [names: string | readonly string[]]): ApplicationCache {
    if (given.length !== 1) {
      const rule = "pass one argument, a tag or a list of tags; the tenant is no tag";
      throw new InvalidInputError("tags", `${given.length} arguments`, rule);
    }
    const names = checkNames("tag", given[0]);
    if (names.length === 0) {
      throw new InvalidInputError("tags", "an empty list", "pass at least one tag");
    }
    return new ScopedCache(this.#parts, [...new Set([...this.#tags, ...names])].sort());
  }

  lock(name: string, options: CacheLockOptions = {}): CacheLock {
    checkCallOptions(options, ["ttl", "owner"]);
    const { ttl = 30_000, owner = randomBytes(16).toString("base64url") } = options;
    if (typeof owner !== "string" || !/^[A-Za-z0-9_-]{16,128}$/.test(owner)) {
      throw new InvalidInputError("owner", typeof owner, "pass what lock.owner gave");
    }
    return new StoredLock({
      ...this.#parts,
      ...{ name: checkName("lock", name), ttl: checkTtl(ttl), owner },
    });
  }

  async clear(options: CacheClearOptions = {}): Promise<void> {
    checkCallOptions(options, ["tags"]);
    const { versioned, events } = this.#parts;
    // Tags that were to be there and are not must not mean everything: `undefined` is refused as a name.
    const isNamed = Object.hasOwn(options, "tags");
    const tags = isNamed ? checkNames("tag", options.tags) : this.#tags;
    const isAll = !isNamed && tags.length === 0;
    this.#outdate((flight) => isAll || flight.tags.some((tag) => tags.includes(tag)));
    const clear = () => (isAll ? versioned.clear() : versioned.clearTags(tags));
    await this.#parts.held(() => events.timed("cleared", clear));
  }

  async #find<V>(names: readonly string[]): Promise<ReadonlyMap<string, V>> {
    const readings = await this.#parts.versioned.read(names);
    const found = new Map<string, V>();
    for (const [index, name] of names.entries()) {
      const kept = readings[index]?.kept;
      if (kept !== undefined) found.set(name, kept.value as V);
    }
    return found;
  }

  #look<V>(find: () => Promise<ReadonlyMap<string, V>>): Promise<ReadonlyMap<string, V>> {
    return this.#parts.held(() => this.#leniently(find, new Map<string, V>()));
  }

  #ttlOf(options: CacheTime): number {
    checkCallOptions(options, ["ttl"]);
    return options.ttl === undefined ? this.#parts.settings.ttl : checkTtl(options.ttl);
  }

  #textOf(value: unknown): string {
    return textOfValue(value, this.#parts.settings.maxLength);
  }

  async #write(
    versionsOf: () => MaybePromise<Versions>,
    texts: readonly (readonly [key: string, text: string])[],
    ttl: number,
  ): Promise<void> {
    const write = async () => {
      const versions = await versionsOf();
      const entries = texts.map(([key, text]) => ({
        key: valueKey(key),
        text: keptText(versions, text),
      }));
      await this.#parts.entries.setMany(entries, ttl);
    };
    await this.#parts.events.timed("written", write, () => ({ written: texts.length }));
  }

  #outdateKeys(keys: readonly string[]): void {
    this.#outdate((flight) => keys.includes(flight.key));
  }

  #outdate(isMeant: (flight: Flight) => boolean): void {
    const { flights, space } = this.#parts;
    flights.outdate((flight) => flight.space === space && isMeant(flight));
  }

  async #leniently<R, F>(work: () => Promise<R>, fallback: F): Promise<R | F> {
    try {
      return await work();
    } catch (error) {
      const { onUnavailable } = this.#parts.settings;
      if (!(error instanceof CacheUnavailableError) || onUnavailable === "throw") throw error;
      return fallback;
    }
  }
}

const mostTries = 1_000;

function numberOf(key: string, value: unknown): number {
  if (typeof value === "number") return value;
  throw new InvalidInputError(
    "key",
    key,
    `what is kept there is of type ${typeof value}, no number`,
  );
}
