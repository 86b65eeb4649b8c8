// The store and its layers

export type { CacheStats } from "./cache-stats.ts";
export { type CachedTenantStore, cachedTenantStore } from "./cached-tenant-store.ts";
export type { CachedTenantStoreOptions, RedisLayerOptions } from "./cached-tenant-store-options.ts";
export type { LayerStats } from "./layer-counts.ts";
export type { RedisState } from "./layers/redis-connection.ts";
export type { WarmReport } from "./warm-tenants.ts";
