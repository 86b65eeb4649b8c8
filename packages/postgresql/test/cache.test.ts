import { setTimeout } from "node:timers/promises";
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
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { Note } from "./entities.ts";
import { asAdmin, server, uniqueName, withServer } from "./server.ts";

/** The short run is for what is most this driver's own. */
const strategies = testScale() < 1 ? (["row"] as const) : (["database", "schema", "row"] as const);

describe.skipIf(withServer !== "").each(strategies)(
  `tenants with the strategy %s${withServer}`,
  (strategy) => {
    const database = uniqueName("cache");
    let site: CachingSite | undefined;
    let db: ReturnType<typeof postgresql>;
    beforeAll(async () => {
      await asAdmin(`create database "${database}"`);
      db = postgresql({
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

    it("gives what is made in a transaction to nobody outside of it", async () => {
      const { acme, run, tenantCache } = await (site as CachingSite).subject();
      await run(acme, () => tenantCache().set("begun", true));
      const [began, goOn] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
      const make = async () => {
        began.resolve();
        await goOn.promise;
        return "inside";
      };

      const inside = run(acme, () =>
        db.em().transactional(async () => {
          const made = await tenantCache().getOrSet("price", make);
          throw new RangeError(made); // taken back
        }),
      );
      await began.promise;
      const outside = run(acme, () => tenantCache().getOrSet("price", () => "outside"));
      void setTimeout(1_000).then(goOn.resolve);

      await expect(inside).rejects.toThrow("inside");
      expect(await outside).toBe("outside");
      expect(await run(acme, () => tenantCache().get("price"))).toBe("outside");
    });

    applicationCacheContract("postgresql", { start: () => (site as CachingSite).subject() });
  },
);
