import type { MaybePromise } from "../maybe-promise.ts";
import type { GetValue, Scope, ValueKey } from "./bootstrapper.ts";
import { valueKey } from "./bootstrapper.ts";
import type { TenancyComponent } from "./component.ts";

/**
 * What the application keeps for a while under keys of its own, for one tenant or for all. Values are plain data that
 * survives JSON, and everybody gets a copy. Where the store cannot be asked, reading finds nothing and writing gives
 * `false`; what has to be certain throws `CacheUnavailableError`: `delete`, `clear`, `increment` and locks.
 */
export interface ApplicationCache {
  /** Gives what is kept under a key; `undefined` where there is nothing. */
  get<V>(key: string): Promise<V | undefined>;
  /** Gives what is kept under several keys; those under which there is nothing are left out. */
  getMany<V>(keys: readonly string[]): Promise<ReadonlyMap<string, V>>;
  has(key: string): Promise<boolean>;
  /** Keeps a value; tells whether it was. Throws `InvalidInputError` for what is no plain data. */
  set(key: string, value: unknown, options?: CacheTime): Promise<boolean>;
  /** Keeps the values of an object or a map under their keys; tells whether all of them were. */
  setMany(
    values: Readonly<Record<string, unknown>> | ReadonlyMap<string, unknown>,
    options?: CacheTime,
  ): Promise<boolean>;
  /** Removes a key, or several; tells whether there was any. */
  delete(key: string | readonly string[]): Promise<boolean>;
  /**
   * Gives what is kept, or else makes and keeps it. Who asks for the same key in this process at the same time shares one
   * making; what was made while the key was written, or its tags were cleared, is given and not kept. Throws
   * `CacheReentryError` inside of a `make` of the same key.
   */
  getOrSet<V>(key: string, make: () => MaybePromise<V>, options?: CacheTime): Promise<V>;
  /** Adds to a number, which begins at 0, at once for all processes; keeps its tags and the time that it has left. */
  increment(key: string, by?: number, options?: CacheTime): Promise<number>;
  /** Gives the same cache, in which what is written gets tags, by which it is cleared. Takes one argument, never an empty list. */
  tags(names: string | readonly string[]): ApplicationCache;
  /** Names a lock, which nobody has yet; `owner` is what `CacheLock.owner` said elsewhere. */
  lock(name: string, options?: CacheLockOptions): CacheLock;
  /** Empties it, or what has one of the tags; other tenants, other stores, locks and foreign keys stay. */
  clear(options?: CacheClearOptions): Promise<void>;
}

/** For how long something is kept. */
export interface CacheTime {
  /** Milliseconds, up to 30 days; what the cache says when absent. */
  readonly ttl?: number;
}

/** What is cleared. */
export interface CacheClearOptions {
  /** What has one of these tags, nothing for an empty list; everything when absent. */
  readonly tags?: string | readonly string[];
}

/** How a lock is taken. */
export interface CacheLockOptions {
  /** Milliseconds after which it is free again, whatever became of its owner; 30,000 when absent. */
  readonly ttl?: number;
  /** Who has it; somebody new when absent. */
  readonly owner?: string;
}

/** A right that one owner has at a time, for so long. */
export interface CacheLock {
  /** Proves who has it; hand it to another process that is to release the lock. */
  readonly owner: string;
  /** Takes the lock, waiting for it at most so many milliseconds; tells whether it has it. */
  acquire(wait?: number): Promise<boolean>;
  /** Gives it back; `false` where it was another owner's by now, or nobody's. */
  release(): Promise<boolean>;
  /** Has it from now on for its time; `false` where it was another owner's by now, or nobody's. */
  extend(): Promise<boolean>;
  /** Takes it, runs the work and gives it back; throws `CacheLockTakenError`. */
  run<R>(work: () => MaybePromise<R>, wait?: number): Promise<R>;
}

/** The caches of one tenant by their stores' names. */
export interface TenantCaches {
  /** Throws `ConfigurationError` for a store that there is not. */
  cache(store?: string): ApplicationCache;
}

/** The caches of an application, as their bootstrapper sees them. */
export interface ApplicationCaches extends TenancyComponent {
  /** Gives a stay the caches of its tenant: synchronous, opens nothing. */
  enter(scope: Scope, get: GetValue): TenantCaches;
}

/** The caches of the current tenant; `cacheBootstrapper` provides them. */
export const TENANT_CACHES: ValueKey<TenantCaches> = valueKey("tenantCache()");
