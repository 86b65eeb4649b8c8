import { ConfigurationError, createTenancy, memoryRegistry } from "@af-tenancy/core";
import { expect, it } from "vitest";
import { cachedTenantStore } from "../src/index.ts";

const redis = { url: "redis://localhost:6379", prefix: "shop" };

it.each([
  ["cachedTenantStore.maxTenant", { maxTenant: 1 }],
  ["cachedTenantStore.maxTenants", { maxTenants: -1 }],
  ["cachedTenantStore.maxTenants", { maxTenants: 1.5 }],
  ["cachedTenantStore.maxUnknown", { maxUnknown: "10" }],
  ["cachedTenantStore.ttl", { ttl: 0 }],
  ["cachedTenantStore.unknownTtl", { unknownTtl: 60_001 }],
  ["cachedTenantStore.maxStale", { maxStale: Number.NaN }],
  ["cachedTenantStore.timeout", { timeout: 0 }],
  ["cachedTenantStore.redis", { redis: "redis://localhost" }],
  ["cachedTenantStore.redis.url", { redis: { ...redis, url: "localhost:6379" } }],
  ["cachedTenantStore.redis.url", { redis: { ...redis, url: "https://:secret@localhost" } }],
  ["cachedTenantStore.redis.prefix", { redis: { url: redis.url } }],
  ["cachedTenantStore.redis.prefix", { redis: { ...redis, prefix: "a:b" } }],
  ["cachedTenantStore.redis.prefix", { redis: { ...redis, prefix: "*" } }],
  ["cachedTenantStore.redis.timeout", { redis: { ...redis, timeout: 0 } }],
  ["cachedTenantStore.redis.host", { redis: { ...redis, host: "localhost" } }],
])("refuses a wrong %s, and tells no address", (key, options) => {
  let thrown: unknown;
  try {
    cachedTenantStore(options as never);
  } catch (error) {
    thrown = error;
  }

  expect(thrown).toBeInstanceOf(ConfigurationError);
  const told = thrown as ConfigurationError;
  expect(told.message).toContain(`"${key.replace(/\.(maxTenant|host)$/, ".$1")}"`);
  expect(told.message).not.toContain("secret");
});

it("belongs to a tenancy with a registry, and to one only", () => {
  const store = cachedTenantStore();

  expect(() => createTenancy({ store })).toThrow(ConfigurationError);
  createTenancy({ registry: memoryRegistry(), store });
  expect(() => createTenancy({ registry: memoryRegistry(), store })).toThrow(ConfigurationError);
  expect(() => cachedTenantStore().find({ by: "id", value: "acme" })).toThrow(ConfigurationError);
});

it("keeps nothing before the start and after the end", async () => {
  const store = cachedTenantStore();
  const registry = memoryRegistry();
  const tenancy = createTenancy({ registry, store });

  await expect(store.warm()).rejects.toMatchObject({ code: "TENANCY_CLOSED" });
  await tenancy.start();
  await store.warm();
  await tenancy.close();

  expect(store.stats().memory.tenants).toBe(0);
});
