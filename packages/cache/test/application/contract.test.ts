import { cacheBootstrapper } from "@af-tenancy/bootstrappers/cache";
import { createTenancy, memoryStore } from "@af-tenancy/core";
import { acme, applicationCacheContract, bootstrapperContract, globex } from "@af-tenancy/testing";
import { Keyv } from "keyv";
import { describe } from "vitest";
import { applicationCaches, keyvCache, memoryCache } from "../../src/index.ts";
import { noRedis, ownPrefix, redisUrl } from "../support/redis.ts";
import { startCaches, startOnRedis } from "./start-caches.ts";

applicationCacheContract("memory", { start: () => startCaches(memoryCache()) });

applicationCacheContract("a Keyv", {
  start: () => startCaches(keyvCache(new Keyv())),
  leftOut: {
    counting: "Keyv has no step that looks and writes at once",
    locks: "Keyv has no step that looks and writes at once",
  },
});

describe.skipIf(noRedis !== "")(`with Redis${noRedis}`, () => {
  applicationCacheContract("redis", {
    start: () => startOnRedis({ url: redisUrl, prefix: ownPrefix(), timeout: 5_000 }),
  });
});

bootstrapperContract("cache", {
  async create(watch) {
    const caches = applicationCaches({ stores: { default: memoryCache() } });
    const bootstrapper = cacheBootstrapper(caches);
    const watched = { ...bootstrapper, ...watch(bootstrapper) };
    const store = memoryStore([acme(), globex()]);
    const tenancy = createTenancy({ store, bootstrappers: [watched] });
    await tenancy.start();
    return {
      enter: (tenant, work) => tenancy.run(tenant, work),
      async observe() {
        const cache = caches.tenantCache();
        const own = tenancy.currentOrFail().slug;
        return cache.getOrSet("name", () => own);
      },
      close: () => tenancy.close(),
    };
  },
});
