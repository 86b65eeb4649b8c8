import { cacheBootstrapper } from "@af-tenancy/bootstrappers/cache";
import {
  type CacheStore,
  type Clock,
  createTenancy,
  memoryStore,
  type Tenancy,
  type TenantRecord,
} from "@af-tenancy/core";
import { acme, globex } from "@af-tenancy/testing";
import { onTestFinished, vi } from "vitest";
import {
  type AccessibleCaches,
  type ApplicationCachesOptions,
  applicationCaches,
  type RedisCacheOptions,
  redisCache,
} from "../../src/index.ts";

/** An application with two tenants and caches. */
export interface CachingApplication {
  readonly tenancy: Tenancy;
  readonly caches: AccessibleCaches;
  readonly tenantCache: AccessibleCaches["tenantCache"];
  readonly globalCache: AccessibleCaches["globalCache"];
  readonly acme: TenantRecord;
  readonly globex: TenantRecord;
  run<R>(tenant: TenantRecord, work: () => Promise<R>): Promise<R>;
}

/** Starts it with a store as the default one, and other options; closed when the test is over. */
export async function startCaches(
  store: CacheStore,
  {
    clock,
    stores,
    ...options
  }: Partial<ApplicationCachesOptions> & { readonly clock?: Clock } = {},
): Promise<CachingApplication> {
  const caches = applicationCaches({ stores: { default: store, ...stores }, ...options });
  const tenants = [acme(placed("acme")), globex(placed("globex"))] as const;
  const tenancy = createTenancy({
    store: memoryStore([...tenants]),
    bootstrappers: [cacheBootstrapper(caches)],
    ...(clock && { clock }),
  });
  await tenancy.start();
  onTestFinished(() => tenancy.close());
  const { tenantCache, globalCache } = caches;
  return {
    ...{ tenancy, caches, tenantCache, globalCache, acme: tenants[0], globex: tenants[1] },
    run: (tenant, work) => tenancy.run(tenant, work),
  };
}

/** Starts it on a Redis that is there, and waits for it however busy the machine is. */
export async function startOnRedis(
  options: RedisCacheOptions,
  more: Partial<ApplicationCachesOptions> = {},
): Promise<CachingApplication> {
  const app = await startCaches(redisCache(options), more);
  for (const store of ["default", ...Object.keys(more.stores ?? {})]) {
    await vi.waitFor(() => app.globalCache(store).clear(), { timeout: 20_000, interval: 20 });
  }
  return app;
}

function placed(name: string): Partial<TenantRecord> {
  const place = { driver: "none", strategy: "database", server: "default" } as const;
  return { placement: { ...place, name, generation: 1, secret: undefined } };
}
