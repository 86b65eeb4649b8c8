import { createTenancy, memoryRegistry } from "@af-tenancy/core";
import { tenantStoreContract } from "@af-tenancy/testing";
import { describe } from "vitest";
import { type CachedTenantStoreOptions, cachedTenantStore } from "../src/index.ts";
import { noRedis, ownPrefix, redisUrl } from "./support/redis.ts";

contract("a cached store", () => ({}));
contract("a cached store that keeps nothing in memory", () => ({ maxTenants: 0 }));
contract("a cached store that keeps one tenant and no unknown names", () => ({
  ...{ maxTenants: 1, maxUnknown: 0 },
}));

describe.skipIf(noRedis !== "")(`with Redis${noRedis}`, () => {
  contract("a cached store on Redis alone", () => ({
    maxTenants: 0,
    redis: { url: redisUrl, prefix: ownPrefix() },
  }));
});

function contract(name: string, options: () => CachedTenantStoreOptions): void {
  const closings = new Map<object, () => Promise<void>>();
  tenantStoreContract(name, {
    async create({ tenants, domains = [] }) {
      const registry = memoryRegistry();
      await registry.transaction(async (transaction) => {
        for (const tenant of tenants) {
          const own = domains.filter(({ tenantId }) => tenantId === tenant.id);
          await transaction.tenants.insert(tenant, own);
        }
      });
      const store = cachedTenantStore(options());
      const tenancy = createTenancy({ registry, store });
      await tenancy.start();
      closings.set(store, () => tenancy.close());
      return store;
    },
    destroy: (store) => closings.get(store)?.(),
  });
}
