import { cacheBootstrapper } from "@af-tenancy/bootstrappers/cache";
import { applicationCaches } from "@af-tenancy/cache";
import { cacheTables, databaseCache } from "@af-tenancy/database";
import { postgresql } from "@af-tenancy/postgresql";
import {
  applicationCacheContract,
  type CachingSite,
  serveCaches,
  testScale,
} from "@af-tenancy/testing";
import { afterAll, beforeAll, describe } from "vitest";
import { Note } from "./entities.ts";
import { asAdmin, server, uniqueName, withServer } from "./server.ts";

/** The short run is for what is most this driver's own. */
const strategies = testScale() < 1 ? (["row"] as const) : (["database", "schema", "row"] as const);

describe.skipIf(withServer !== "").each(strategies)(
  `tenants with the strategy %s${withServer}`,
  (strategy) => {
    const database = uniqueName("cache");
    let site: CachingSite | undefined;
    beforeAll(async () => {
      await asAdmin(`create database "${database}"`);
      const db = postgresql({
        connection: { ...server, database },
        strategies: [strategy],
        sharedRole: database,
        entities: [Note, ...cacheTables()],
        central: { database, entities: [...cacheTables()] },
      });
      const caches = applicationCaches({ stores: { default: databaseCache(db) } });
      site = await serveCaches(db, caches, cacheBootstrapper(caches));
    });
    afterAll(async () => {
      await site?.close();
      await asAdmin(`drop database "${database}" with (force)`);
      await asAdmin(`drop role if exists "${database}"`);
    });

    applicationCacheContract("postgresql", { start: () => (site as CachingSite).subject() });
  },
);
