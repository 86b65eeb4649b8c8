import type {
  ApplicationCache,
  CacheClearOptions,
  CacheLock,
  CacheLockOptions,
  CacheTime,
  MaybePromise,
} from "@af-tenancy/core";

/** The cache of whichever tenant is current when something is asked of it. */
export class FollowingCache implements ApplicationCache {
  readonly #current: () => ApplicationCache;

  constructor(current: () => ApplicationCache) {
    this.#current = current;
  }

  async get<V>(key: string): Promise<V | undefined> {
    return this.#current().get<V>(key);
  }

  async getMany<V>(keys: readonly string[]): Promise<ReadonlyMap<string, V>> {
    return this.#current().getMany<V>(keys);
  }

  async has(key: string): Promise<boolean> {
    return this.#current().has(key);
  }

  async set(key: string, value: unknown, options?: CacheTime): Promise<boolean> {
    return this.#current().set(key, value, options);
  }

  async setMany(
    values: Readonly<Record<string, unknown>> | ReadonlyMap<string, unknown>,
    options?: CacheTime,
  ): Promise<boolean> {
    return this.#current().setMany(values, options);
  }

  async delete(key: string | readonly string[]): Promise<boolean> {
    return this.#current().delete(key);
  }

  async getOrSet<V>(key: string, make: () => MaybePromise<V>, options?: CacheTime): Promise<V> {
    return this.#current().getOrSet(key, make, options);
  }

  async increment(key: string, by?: number, options?: CacheTime): Promise<number> {
    return this.#current().increment(key, by, options);
  }

  /** Follows the tenant as well. */
  tags(names: string | readonly string[]): ApplicationCache {
    return new FollowingCache(() => this.#current().tags(names));
  }

  /** Is the lock of the tenant that is current now. */
  lock(name: string, options?: CacheLockOptions): CacheLock {
    return this.#current().lock(name, options);
  }

  async clear(options?: CacheClearOptions): Promise<void> {
    return this.#current().clear(options);
  }
}
