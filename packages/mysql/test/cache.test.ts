import { cacheBootstrapper } from "@af-tenancy/bootstrappers/cache";
import { applicationCaches } from "@af-tenancy/cache";
import { cacheTables, databaseCache } from "@af-tenancy/database";
import { mysql } from "@af-tenancy/mysql";
import {
  applicationCacheContract,
  type CachingSite,
  serveCaches,
  testScale,
} from "@af-tenancy/testing";
import { afterAll, beforeAll, describe } from "vitest";
import { Note } from "./entities.ts";
import { admin, missing, server, uniqueName } from "./server.ts";

/** The short run is for what is most this driver's own. */
const strategies = testScale() < 1 ? (["row"] as const) : (["database", "row"] as const);

describe.skipIf(missing).each(strategies)("tenants with the strategy %s", (strategy) => {
  const [database, shared] = [uniqueName("cache"), uniqueName("shared")];
  const tables = () => cacheTables({ collation: "utf8mb4_nopad_bin" });
  let site: CachingSite | undefined;
  beforeAll(async () => {
    await admin(`create database ${database}`);
    const db = mysql({
      ...{ connection: server, flavour: "mariadb", strategies: [strategy] },
      sharedDatabase: shared,
      entities: [Note, ...tables()],
      central: { database, entities: [...tables()] },
    });
    const caches = applicationCaches({ stores: { default: databaseCache(db) } });
    site = await serveCaches(db, caches, cacheBootstrapper(caches));
  });
  afterAll(async () => {
    await site?.close();
    await admin(`drop database ${database}; drop database if exists ${shared}`);
  });

  applicationCacheContract("mariadb", { start: () => (site as CachingSite).subject() });
});
