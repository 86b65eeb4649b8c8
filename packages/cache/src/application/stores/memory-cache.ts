import {
  attachOnce,
  type CacheEntries,
  type CacheEntry,
  type CacheKey,
  type CacheSpace,
  type CacheStore,
  CacheUnavailableError,
  checkKnownOptions,
  type TenancyHost,
} from "@af-tenancy/core";
import { wholeNumber } from "../../whole-number.ts";
import { ownerText, tenantText } from "../owner-text.ts";
import { keyText, valuePrefix } from "./key-text.ts";
import { MemoryPool } from "./memory-pool.ts";

/** How much memory a cache may take. */
export interface MemoryCacheOptions {
  /** The most characters of keys and values of all tenants together, from 10,000; 50,000,000 when absent. */
  readonly maxCharacters?: number;
}

/**
 * Makes a store in the memory of this process, which other processes do not see. When it is full the tenant that has most
 * of it loses what it did not use lately, so that none pushes out the others.
 *
 * @example applicationCaches({ stores: { default: memoryCache() } })
 */
export function memoryCache(options: MemoryCacheOptions = {}): CacheStore {
  checkKnownOptions<MemoryCacheOptions>("memoryCache", options, { maxCharacters: true });
  const { maxCharacters = 50_000_000 } = options;
  return new MemoryCache(
    wholeNumber("memoryCache.maxCharacters", maxCharacters, 10_000, 1_000_000_000),
  );
}

class MemoryCache implements CacheStore {
  readonly name = "memory-cache";
  readonly #attachment = attachOnce("bootstrappers: [cacheBootstrapper(caches)]");
  readonly #pool: MemoryPool;

  constructor(maxCharacters: number) {
    this.#pool = new MemoryPool(maxCharacters, this.#attachment.clock);
  }

  attach(host: TenancyHost): void {
    this.#attachment.attach(host);
  }

  open({ owner, store }: CacheSpace): CacheEntries {
    return new MemoryEntries(this.#pool, `${ownerText(owner)}/${store}`);
  }

  async purge(tenantId: string): Promise<void> {
    this.#pool.dropSpaces(`${tenantText(tenantId)}~`);
  }

  close(): void {
    this.#pool.dropSpaces("");
  }
}

class MemoryEntries implements CacheEntries {
  readonly #pool: MemoryPool;
  readonly #space: string;

  constructor(pool: MemoryPool, space: string) {
    this.#pool = pool;
    this.#space = space;
  }

  async getMany(keys: readonly CacheKey[]): Promise<readonly (string | undefined)[]> {
    return keys.map((key) => this.#pool.read(this.#space, keyText(key))?.text);
  }

  async setMany(entries: readonly CacheEntry[], ttl: number): Promise<void> {
    for (const { key, text } of entries) this.#write(key, text, ttl);
  }

  async deleteMany(keys: readonly CacheKey[]): Promise<number> {
    return keys.filter((key) => this.#pool.remove(this.#space, keyText(key))).length;
  }

  async replace(
    key: CacheKey,
    expected: string | undefined,
    text: string | undefined,
    ttl?: number,
  ): Promise<boolean> {
    const present = this.#pool.read(this.#space, keyText(key));
    if (present?.text !== expected) return false;
    if (text === undefined) this.#pool.remove(this.#space, keyText(key));
    else this.#write(key, text, ttl ?? (present ? this.#pool.timeLeft(present) : 0));
    return true;
  }

  async clear(): Promise<void> {
    this.#pool.removeAll(this.#space, valuePrefix);
  }

  #write(key: CacheKey, text: string, ttl: number): void {
    const isKept = this.#pool.write(this.#space, keyText(key), text, {
      ttl,
      mayGo: key.kind !== "lock",
    });
    if (!isKept) throw new CacheUnavailableError("its memory is full");
  }
}
