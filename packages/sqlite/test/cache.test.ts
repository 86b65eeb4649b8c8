import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { cacheBootstrapper } from "@af-tenancy/bootstrappers/cache";
import { applicationCaches } from "@af-tenancy/cache";
import { cacheTables, databaseCache } from "@af-tenancy/database";
import { sqlite } from "@af-tenancy/sqlite";
import {
  applicationCacheContract,
  type CachingSite,
  serveCaches,
  testScale,
} from "@af-tenancy/testing";
import { afterAll, beforeAll, describe } from "vitest";
import { Note } from "./entities.ts";

/** The short run is for what is most this driver's own. */
const strategies = testScale() < 1 ? (["database"] as const) : (["database", "row"] as const);

describe.each(strategies)("tenants with the strategy %s", (strategy) => {
  let [site, folder]: [CachingSite | undefined, string] = [undefined, ""];
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), "af-tenancy-"));
    const db = sqlite({
      folder: join(folder, "tenants"),
      strategies: [strategy],
      entities: [Note, ...cacheTables()],
      central: { file: join(folder, "app.sqlite"), entities: [...cacheTables()] },
    });
    const caches = applicationCaches({ stores: { default: databaseCache(db) } });
    site = await serveCaches(db, caches, cacheBootstrapper(caches));
  });
  afterAll(async () => {
    await site?.close();
    rmSync(folder, { recursive: true, force: true });
  });

  applicationCacheContract("sqlite", { start: () => (site as CachingSite).subject() });
});
