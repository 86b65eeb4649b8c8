import { loaderContract } from "@af-tenancy/testing";
import { defineEntity, type EntitySchema, p } from "@mikro-orm/postgresql";
import { describe } from "vitest";
import { startFleet } from "./fleet.ts";
import { withServer } from "./server.ts";

describe.skipIf(withServer !== "").each(["database", "schema"] as const)(
  `tenants with a %s each${withServer}`,
  (strategy) => {
    loaderContract<EntitySchema>("postgresql", { defineEntity, p } as never, async (entities) => {
      const { db, tenancy, acme, globex } = await startFleet({
        entities,
        strategy,
        maxConnections: 2,
      });
      return {
        ...{ acme, globex },
        run: ({ id }, work) => tenancy.run(id, () => work(db.em() as never)),
      };
    });
  },
);
