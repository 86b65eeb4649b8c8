import { subscribe, unsubscribe } from "node:diagnostics_channel";
import { join } from "node:path";
import { cacheBootstrapper } from "@af-tenancy/bootstrappers/cache";
import { applicationCaches, keyvCache, memoryCache, redisCache } from "@af-tenancy/cache";
import { type CacheStore, createTenancy, memoryStore } from "@af-tenancy/core";
import { cacheTables, databaseCache } from "@af-tenancy/database";
import { sqlite } from "@af-tenancy/sqlite";
import { acme, globex } from "@af-tenancy/testing";
import { Keyv } from "keyv";
import { expect, it, onTestFinished } from "vitest";
import { Note } from "../src/note.ts";
import { temporaryFolder } from "./temporary-folder.ts";

it("keeps values of tenants and of all", async () => {
  const environment: { readonly REDIS_URL?: string } = {};
  const store = memoryStore([acme(), globex()]);
  let [loaded, reports] = [0, 0];
  const loadMenu = async (): Promise<readonly string[]> => {
    loaded += 1;
    return ["soup"];
  };
  const loadPrice = async (_product: string) => tenancy.currentOrFail().slug.length;
  const sendReport = async () => {
    reports += 1;
  };

  // #region compose
  const { REDIS_URL: url } = environment;
  const caches = applicationCaches({
    stores: { default: url ? redisCache({ url, prefix: "shop" }) : memoryCache() },
  });
  const { tenantCache, globalCache, currentCache } = caches;
  const tenancy = createTenancy({ store, bootstrappers: [cacheBootstrapper(caches)] });
  // #endregion
  await tenancy.start();
  onTestFinished(() => tenancy.close());

  // #region watch
  const reads = { asked: 0, found: 0 };
  const watch = (message: unknown) => {
    const { event, asked, found } = message as { event: string; asked: number; found: number };
    if (event !== "read") return;
    reads.asked += asked;
    reads.found += found;
  };
  subscribe("af-tenancy:application-cache", watch);
  // #endregion
  onTestFinished(() => void unsubscribe("af-tenancy:application-cache", watch));

  // #region use
  await tenancy.run({ by: "slug", value: "acme" }, async () => {
    const menu = await tenantCache().getOrSet("menu", () => loadMenu(), { ttl: 60_000 });
    await tenantCache().set("greeting", `Today: ${menu.join(", ")}`);
  });
  await tenancy.run({ by: "slug", value: "globex" }, async () => {
    await tenantCache().get("menu"); // undefined: that is acme's
  });
  await globalCache().set("rates", { EUR: 1.08 }); // of no tenant, the same from everywhere
  // #endregion

  // #region tags
  await tenancy.run({ by: "slug", value: "acme" }, async () => {
    const cache = tenantCache();
    await cache.tags(["products", "home"]).set("home", { teaser: "Soup" });
    await cache.clear({ tags: "products" }); // home is gone, in every process
    await cache.clear(); // everything of acme's; nobody else's
  });
  // #endregion

  // #region lock
  await tenancy.run({ by: "slug", value: "acme" }, async () => {
    await tenantCache()
      .lock("monthly-report", { ttl: 60_000 })
      .run(() => sendReport(), 5_000); // waits up to 5 s, then CACHE_LOCK_TAKEN
  });
  // #endregion

  // #region follow
  class Prices {
    readonly #cache = currentCache(); // made once, and lives as long as the process
    of(product: string): Promise<number> {
      return this.#cache.getOrSet(`price:${product}`, () => loadPrice(product));
    }
  }
  // #endregion
  const prices = new Prices();
  const asked = [acme(), globex(), acme()].map((tenant) =>
    tenancy.run(tenant, () => prices.of("soup")),
  );

  expect(await Promise.all(asked)).toEqual(["acme", "globex", "acme"].map((slug) => slug.length));
  expect([loaded, reports]).toEqual([1, 1]);
  expect(await globalCache().get("rates")).toEqual({ EUR: 1.08 });
  expect(reads).toEqual({ asked: 6, found: 1 });
});

it("keeps values in the tenant's own database, and in whatever Keyv has", async () => {
  const folder = await temporaryFolder();
  // #region database
  const db = sqlite({
    folder: join(folder, "tenants"),
    entities: [Note, ...cacheTables()],
    central: { file: join(folder, "app.sqlite"), entities: [...cacheTables()] }, // for globalCache
  });
  const stores: Record<string, CacheStore> = {
    default: memoryCache(),
    reports: databaseCache(db), // tenantCache("reports")
    pages: keyvCache(new Keyv()), // tenantCache("pages")
  };
  // #endregion

  const caches = applicationCaches({ stores });
  expect(() => caches.currentCache("reports")).not.toThrow();
  expect(() => caches.currentCache("others")).toThrow("others");
});
