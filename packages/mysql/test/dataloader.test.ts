import { loaderContract } from "@af-tenancy/testing";
import { defineEntity, type EntitySchema, p } from "@mikro-orm/mysql";
import { describe } from "vitest";
import { startFleet } from "./fleet.ts";
import { missing } from "./server.ts";

describe.skipIf(missing)("over one connection", () => {
  loaderContract<EntitySchema>("mysql", { defineEntity, p } as never, async (entities) => {
    const { db, tenancy, acme, globex } = await startFleet({ entities, maxConnections: 1 });
    return {
      ...{ acme, globex },
      run: ({ id }, work) => tenancy.run(id, () => work(db.em() as never)),
    };
  });
});
