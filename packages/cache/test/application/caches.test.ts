import { cacheBootstrapper } from "@af-tenancy/bootstrappers/cache";
import { manualClock } from "@af-tenancy/core";
import { tenantRecord } from "@af-tenancy/testing";
import { expect, it } from "vitest";
import {
  applicationCaches,
  type KeyvLike,
  keyvCache,
  memoryCache,
  redisCache,
} from "../../src/index.ts";
import { startCaches } from "./start-caches.ts";

it("C061: a cache that a singleton has kept follows the current tenant", async () => {
  const { acme, globex, run, caches } = await startCaches(memoryCache());
  const singleton = caches.currentCache();
  const tagged = singleton.tags("a");

  for (const tenant of [acme, globex]) {
    await run(tenant, async () => {
      expect(await singleton.getOrSet("name", () => tenant.slug)).toBe(tenant.slug);
      await tagged.setMany({ tagged: tenant.slug });
      expect(await singleton.increment("count")).toBe(1);
      expect(await singleton.lock("report").acquire()).toBe(true);
    });
  }
  await run(acme, () => singleton.clear({ tags: "a" }));

  expect(await run(acme, () => singleton.has("tagged"))).toBe(false);
  expect(await run(globex, () => singleton.getMany(["tagged", "name"]))).toEqual(
    new Map([
      ["tagged", "globex"],
      ["name", "globex"],
    ]),
  );
  await expect(singleton.get("name")).rejects.toMatchObject({ code: "NO_TENANT_CONTEXT" });
});

it("expires by the tenancy's clock", async () => {
  const clock = manualClock();
  const { acme, run, tenantCache } = await startCaches(memoryCache(), { clock, ttl: 1_000 });
  await run(acme, async () => {
    await tenantCache().set("short", 1);
    await tenantCache().set("long", 1, { ttl: 2_000 });
  });

  await clock.advance(1_000);

  expect(await run(acme, () => tenantCache().getMany(["short", "long"]))).toEqual(
    new Map([["long", 1]]),
  );
});

it("a tenant that fills the memory pushes out its own values and nobody else's", async () => {
  const store = memoryCache({ maxCharacters: 100_000 });
  const { acme, globex, run, tenantCache } = await startCaches(store);
  const text = "x".repeat(500);
  await run(globex, async () => {
    for (let index = 0; index < 20; index += 1) await tenantCache().set(`${index}`, text);
    expect(await tenantCache().lock("report").acquire()).toBe(true);
  });

  await run(acme, async () => {
    for (let index = 0; index < 1_000; index += 1) {
      await tenantCache().set(`${index}`, text);
      await tenantCache().get("0"); // used all the time, so that it stays
    }
  });

  const names = Array.from({ length: 1_000 }, (_, index) => `${index}`);
  expect((await run(globex, () => tenantCache().getMany(names))).size).toBe(20);
  const ofAcme = await run(acme, () => tenantCache().getMany(names));
  expect(ofAcme.has("0")).toBe(true);
  expect(ofAcme.has("999")).toBe(true);
  expect(ofAcme.size).toBeGreaterThan(50);
  expect(ofAcme.size).toBeLessThan(160);
  expect(await run(globex, () => tenantCache().lock("report").acquire())).toBe(false);
});

it("many small tenants get room from the largest, and locks are never pushed out", async () => {
  const store = memoryCache({ maxCharacters: 100_000 });
  const { tenancy, acme, run, tenantCache } = await startCaches(store);
  const text = "x".repeat(500);
  await run(acme, async () => {
    for (let index = 0; index < 300; index += 1) await tenantCache().set(`${index}`, text);
  });

  const small = Array.from({ length: 40 }, (_, index) => tenantRecord({ slug: `small-${index}` }));
  for (const tenant of small) {
    await tenancy.run(tenant, async () => {
      expect(await tenantCache().set("name", tenant.slug)).toBe(true);
      expect(await tenantCache().lock("report").acquire()).toBe(true);
    });
  }

  for (const tenant of small) {
    await tenancy.run(tenant, async () => {
      expect(await tenantCache().get("name")).toBe(tenant.slug);
      expect(await tenantCache().lock("report").acquire()).toBe(false);
    });
  }
});

it("refuses locks beyond the memory, and then takes no value from others", async () => {
  const store = memoryCache({ maxCharacters: 10_000 });
  const { acme, globex, run, tenantCache } = await startCaches(store);
  await run(globex, () => tenantCache().set("name", "globex"));

  await run(acme, async () => {
    const take = async () => {
      for (let index = 0; index < 200; index += 1) await tenantCache().lock(`${index}`).acquire();
    };
    await expect(take()).rejects.toMatchObject({ code: "CACHE_UNAVAILABLE" });
    expect(await tenantCache().lock("0").acquire()).toBe(false);
  });

  expect(await run(globex, () => tenantCache().get("name"))).toBe("globex");
});

it("F098: a purge frees what the tenant had in memory", async () => {
  const { tenancy, acme, globex, run, tenantCache } = await startCaches(memoryCache());
  for (const tenant of [acme, globex]) {
    await run(tenant, async () => {
      await tenantCache().set("name", tenant.slug);
      await tenantCache().lock("report").acquire();
    });
  }

  await tenancy.events.emit("tenantPurged", { tenant: acme });

  expect(await run(acme, () => tenantCache().get("name"))).toBeUndefined();
  expect(await run(acme, () => tenantCache().lock("report").acquire())).toBe(true);
  expect(await run(globex, () => tenantCache().get("name"))).toBe("globex");
});

it("a Keyv that fails is no miss that something is certain of", async () => {
  const listeners: ((error: unknown) => void)[] = [];
  const fail = async () => {
    for (const listener of listeners) listener(new RangeError("away"));
    return undefined;
  };
  const keyv = {
    get: fail,
    set: async () => (await fail()) ?? false,
    delete: async () => (await fail()) ?? false,
    on(_: "error", listener: (error: unknown) => void) {
      listeners.push(listener);
      return keyv;
    },
  } as KeyvLike;
  const { acme, run, tenantCache } = await startCaches(keyvCache(keyv));

  await run(acme, async () => {
    expect([await tenantCache().get("a"), await tenantCache().set("a", 1)]).toEqual([
      undefined,
      false,
    ]);
    await expect(tenantCache().clear()).rejects.toMatchObject({ code: "CACHE_UNAVAILABLE" });
    await expect(tenantCache().lock("a").acquire()).rejects.toMatchObject({
      code: "INVALID_CONFIGURATION",
    });
  });
});

it.each<[string, () => unknown]>([
  ["no stores", () => applicationCaches({} as never)],
  ["no default", () => applicationCaches({ stores: { other: memoryCache() } })],
  ["what is no store", () => applicationCaches({ stores: { default: {} as never } })],
  ["a name", () => applicationCaches({ stores: { default: memoryCache(), "A:b": memoryCache() } })],
  ["ttl", () => applicationCaches({ stores: { default: memoryCache() }, ttl: 0 })],
  ["onUnavailable", () => stores({ onUnavailable: "maybe" as never })],
  ["label", () => stores({ label: "acme" as never })],
  ["an unknown option", () => stores({ tll: 1 } as never)],
  ["maxCharacters", () => memoryCache({ maxCharacters: 1 })],
  ["a Redis", () => redisCache({ url: "localhost", prefix: "a" })],
  ["a prefix", () => redisCache({ url: "redis://localhost", prefix: "a*" })],
  ["a Keyv", () => keyvCache({} as never)],
  ["caches", () => cacheBootstrapper({} as never)],
  ["no tenancy", () => applicationCaches({ stores: { default: memoryCache() } }).globalCache()],
])("refuses a configuration with a wrong %s", (_, make) => {
  expect(make).toThrow(expect.objectContaining({ code: "INVALID_CONFIGURATION" }));
});

it("refuses one store under two names, a label that is none, and a store that there is not", async () => {
  const store = memoryCache();
  const twice = () => applicationCaches({ stores: { default: store, other: store } });
  expect(twice).toThrow(expect.objectContaining({ code: "INVALID_CONFIGURATION" }));

  const app = await startCaches(memoryCache(), { label: () => "a:b" });
  const wrong = { code: "INVALID_CONFIGURATION" };
  await expect(app.run(app.acme, async () => app.tenantCache())).rejects.toMatchObject(wrong);
  await expect(app.run(app.acme, async () => app.tenantCache("other"))).rejects.toMatchObject(
    wrong,
  );
});

function stores(options: object) {
  return applicationCaches({ stores: { default: memoryCache() }, ...options });
}
