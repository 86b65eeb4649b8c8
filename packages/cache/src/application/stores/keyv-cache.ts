import {
  type CacheEntries,
  type CacheEntry,
  type CacheKey,
  type CacheSpace,
  type CacheStore,
  CacheUnavailableError,
  ConfigurationError,
} from "@af-tenancy/core";
import { ownerText } from "../owner-text.ts";
import { keyText } from "./key-text.ts";

/** A Keyv, as far as it is used. */
export interface KeyvLike {
  get(key: string): Promise<string | undefined>;
  set(key: string, value: string, milliseconds: number): Promise<boolean>;
  delete(key: string): Promise<boolean>;
  on(event: "error", listener: (error: unknown) => void): object;
}

/**
 * Makes a store of whatever Keyv has, such as memcached or a file. Keyv has no step that looks and writes at once: locks
 * and `increment` throw `ConfigurationError` there.
 *
 * @example applicationCaches({ stores: { default: keyvCache(new Keyv(new KeyvMemcache("localhost:11211"))) } })
 * @throws ConfigurationError when it is no Keyv
 */
export function keyvCache(keyv: KeyvLike): CacheStore {
  const calls = ["get", "set", "delete", "on"] as const;
  if (!calls.every((call) => typeof keyv?.[call] === "function")) {
    const remedy = "pass a Keyv, such as new Keyv() or new Keyv(new KeyvMemcache(address)).";
    throw new ConfigurationError("keyvCache", "given no Keyv", remedy);
  }
  const asked = failing(keyv);
  return {
    name: "keyv-cache",
    open: ({ owner, store }: CacheSpace) =>
      new KeyvEntries(keyv, asked, `{${ownerText(owner)}}:${store}:`),
  };
}

class KeyvEntries implements CacheEntries {
  readonly #keyv: KeyvLike;
  readonly #asked: Asking;
  readonly #prefix: string;

  constructor(keyv: KeyvLike, asked: Asking, prefix: string) {
    this.#keyv = keyv;
    this.#asked = asked;
    this.#prefix = prefix;
  }

  async getMany(keys: readonly CacheKey[]): Promise<readonly (string | undefined)[]> {
    const found = await Promise.all(
      keys.map((key) => this.#asked(() => this.#keyv.get(this.#nameOf(key)))),
    );
    return found.map((text) => (typeof text === "string" ? text : undefined));
  }

  async setMany(entries: readonly CacheEntry[], ttl: number): Promise<void> {
    const write = async ({ key, text }: CacheEntry) => {
      const isKept = await this.#asked(() => this.#keyv.set(this.#nameOf(key), text, ttl));
      if (isKept === false) throw new CacheUnavailableError("its Keyv did not keep a value");
    };
    await Promise.all(entries.map(write));
  }

  async deleteMany(keys: readonly CacheKey[]): Promise<number> {
    const gone = await Promise.all(
      keys.map((key) => this.#asked(() => this.#keyv.delete(this.#nameOf(key)))),
    );
    return gone.filter((was) => was === true).length;
  }

  /** Versions bear it: of two that begin at once one is lost, and with it what was made under it. */
  async replace(
    key: CacheKey,
    expected: string | undefined,
    text: string | undefined,
    ttl?: number,
  ): Promise<boolean> {
    if (key.kind !== "version" || text === undefined || ttl === undefined) {
      const remedy = "keep these in memoryCache(), redisCache() or databaseCache().";
      throw new ConfigurationError("keyvCache", "asked for a lock or a counter", remedy);
    }
    const [present] = await this.getMany([key]);
    if (present !== expected) return false;
    await this.setMany([{ key, text }], ttl);
    return true;
  }

  /** Keyv could only clear all tenants at once: what cannot be read any more has its time. */
  async clear(): Promise<void> {}

  #nameOf(key: CacheKey): string {
    return this.#prefix + keyText(key);
  }
}

type Asking = <R>(work: () => Promise<R>) => Promise<R>;

/** Keyv tells its listeners what failed, and whoever asked gets what a miss would be: it is not believed then. */
function failing(keyv: KeyvLike): Asking {
  let failure: { readonly error: unknown } | undefined;
  keyv.on("error", (error) => {
    failure = { error };
  });
  return async (work) => {
    const before = failure;
    try {
      const result = await work();
      if (failure === before || (result !== undefined && result !== false)) return result;
    } catch (cause) {
      throw new CacheUnavailableError("its Keyv failed", { cause });
    }
    throw new CacheUnavailableError("its Keyv failed", { cause: failure?.error });
  };
}
