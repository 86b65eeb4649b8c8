import { memoryStore } from "@af-tenancy/core";
import { expect, it } from "vitest";
import { acme, tenantStoreContract } from "../../src/index.ts";
import { MapRedisClient } from "./map-redis-client.ts";
import { type RedisClient, redisTenantStore } from "./redis-tenant-store.ts";

const dead: RedisClient = {
  get: async () => Promise.reject(new DOMException("no connection")),
  set: async () => Promise.reject(new DOMException("no connection")),
  del: async () => Promise.reject(new DOMException("no connection")),
};

for (const [name, redis] of [
  ["alive", () => new MapRedisClient()],
  ["dead", () => dead],
] as const) {
  tenantStoreContract(`redis, ${name}`, {
    create: ({ tenants, domains = [] }) => {
      const verified = domains.filter(({ verifiedAt }) => verifiedAt !== undefined);
      const lookup = new Map(verified.map(({ name: domain, tenantId }) => [domain, tenantId]));
      return redisTenantStore(memoryStore(tenants, { domains: lookup }), redis());
    },
  });
}

it("answers from Redis the second time, and asks again once the tenant was forgotten", async () => {
  const redis = new MapRedisClient();
  const store = redisTenantStore(memoryStore([acme()]), redis);
  const reference = { by: "slug", value: "acme" };

  await store.find(reference);
  expect(redis.hits).toBe(0);
  await store.find(reference);
  expect(redis.hits).toBe(2);
  await store.forget(acme());
  await store.find(reference);

  expect(redis.hits).toBe(2);
});

it("does not follow an old slug that Redis still knows", async () => {
  const redis = new MapRedisClient();
  const [before, after] = [acme(), acme({ slug: "acme-inc", version: 2 })];
  await redisTenantStore(memoryStore([before]), redis).find({ by: "slug", value: "acme" });

  const renamed = redisTenantStore(memoryStore([after]), redis);
  await renamed.forget(after);
  await renamed.find({ by: "id", value: after.id });

  expect(await renamed.find({ by: "slug", value: "acme" })).toBeUndefined();
});
