import { checkKnownOptions } from "@af-tenancy/core";
import { checkRedis } from "./check-redis.ts";
import { wholeNumber } from "./whole-number.ts";

/** How long tenants are remembered, how many, and where; times are milliseconds. */
export interface CachedTenantStoreOptions {
  /** How many tenants this process keeps in memory, up to 1,000,000; 0 for none, 10,000 when absent. */
  readonly maxTenants?: number;
  /** How many names that lead nowhere are kept beside them, up to 1,000,000; 10,000 when absent. */
  readonly maxUnknown?: number;
  /** After this time a tenant is read again in the background, from 1,000 to a day; 300,000 when absent. */
  readonly ttl?: number;
  /** How long a name that leads nowhere is not asked for again, from 0 to 60,000; 5,000 when absent. */
  readonly unknownTtl?: number;
  /** How long tenants are served while nobody can tell whether they changed, from 0 to a day; 30,000 when absent. */
  readonly maxStale?: number;
  /** How long the registry may take for one answer, from 10 to 60,000; 4,000 when absent. */
  readonly timeout?: number;
  /** The Redis that all processes share; none when absent. */
  readonly redis?: RedisLayerOptions;
}

/** Which Redis, and which keys in it. */
export interface RedisLayerOptions {
  /** Such as `redis://user:password@host:6379/0`; `rediss:` for TLS. */
  readonly url: string;
  /**
   * Begins all keys and names the channel: 1 to 64 of `[A-Za-z0-9._-]`, its own for each registry, or one would answer
   * for another.
   */
  readonly prefix: string;
  /** Milliseconds for one answer, from 1 to 10,000, after which the registry is asked; 100 when absent. */
  readonly timeout?: number;
}

/** Options with every default in its place. */
export type CheckedOptions = Required<Omit<CachedTenantStoreOptions, "redis">> & {
  readonly redis: Required<RedisLayerOptions> | undefined;
};

/** Checks options and fills in defaults; throws `ConfigurationError`. */
export function checkCacheOptions(options: CachedTenantStoreOptions): CheckedOptions {
  const name = "cachedTenantStore";
  checkKnownOptions<CachedTenantStoreOptions>(name, options, {
    maxTenants: true,
    maxUnknown: true,
    ttl: true,
    unknownTtl: true,
    maxStale: true,
    timeout: true,
    redis: true,
  });
  const { maxTenants, maxUnknown, ttl, unknownTtl, maxStale, timeout, redis } = options;
  return {
    maxTenants: wholeNumber(`${name}.maxTenants`, maxTenants ?? 10_000, 0, 1_000_000),
    maxUnknown: wholeNumber(`${name}.maxUnknown`, maxUnknown ?? 10_000, 0, 1_000_000),
    ttl: wholeNumber(`${name}.ttl`, ttl ?? 300_000, 1_000, day),
    unknownTtl: wholeNumber(`${name}.unknownTtl`, unknownTtl ?? 5_000, 0, 60_000),
    maxStale: wholeNumber(`${name}.maxStale`, maxStale ?? 30_000, 0, day),
    timeout: wholeNumber(`${name}.timeout`, timeout ?? 4_000, 10, 60_000),
    redis: redis === undefined ? undefined : checkRedis(`${name}.redis`, redis),
  };
}

const day = 86_400_000;
