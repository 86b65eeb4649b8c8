import type { TenancyComponent, TenantRecord, TenantStore } from "@af-tenancy/core";
import type { CacheStats } from "./cache-stats.ts";
import { type CachedTenantStoreOptions, checkCacheOptions } from "./cached-tenant-store-options.ts";
import type { SharedSize } from "./layers/redis-layer.ts";
import { TenantCache } from "./tenant-cache.ts";
import type { WarmReport } from "./warm-tenants.ts";

/** A store that remembers what the registry said, and what can be told and asked of it. */
export interface CachedTenantStore extends TenantStore<TenantRecord>, TenancyComponent {
  /** Gives what each layer did in this process so far. */
  stats(): CacheStats;
  /** Counts what is in Redis, for all processes; `undefined` where there is none, or it does not answer. */
  sharedSize(): Promise<SharedSize | undefined>;
  /** Reads all active tenants, so that none of the next requests has to. Throws `RegistryUnavailableError`. */
  warm(): Promise<WarmReport>;
  /**
   * Forgets all tenants, or one by its id: here, in Redis and in the other processes. Needed only after a change that
   * went past the registry, such as SQL written by hand.
   */
  clear(tenantId?: string): Promise<void>;
}

/**
 * Makes the store that answers look-ups in the registry's place: from memory, from Redis if there is one, and from the
 * registry. It follows the registry's changes, so that a change is seen at once in its process and soon in others. It
 * belongs to one tenancy, which starts and closes it.
 *
 * @example createTenancy({ registry, store: cachedTenantStore({ redis: { url, prefix: "shop" } }) })
 * @throws ConfigurationError
 */
export function cachedTenantStore(options: CachedTenantStoreOptions = {}): CachedTenantStore {
  return new TenantCache(checkCacheOptions(options));
}
