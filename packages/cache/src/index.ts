// The store and its layers

export type { CacheStats } from "./cache-stats.ts";
export { type CachedTenantStore, cachedTenantStore } from "./cached-tenant-store.ts";
export type { CachedTenantStoreOptions, RedisLayerOptions } from "./cached-tenant-store-options.ts";
export type { LayerStats } from "./layer-counts.ts";
export type { RedisState } from "./layers/redis-connection.ts";
export type { SharedSize } from "./layers/redis-layer.ts";
export type { WarmReport } from "./warm-tenants.ts";

// The application's caches

export { type AccessibleCaches, applicationCaches } from "./application/application-caches.ts";
export type { ApplicationCachesOptions } from "./application/application-caches-options.ts";
export { type KeyvLike, keyvCache } from "./application/stores/keyv-cache.ts";
export { type MemoryCacheOptions, memoryCache } from "./application/stores/memory-cache.ts";
export { type RedisCacheOptions, redisCache } from "./application/stores/redis-cache.ts";
