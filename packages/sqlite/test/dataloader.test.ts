import { loaderContract } from "@af-tenancy/testing";
import { defineEntity, type EntitySchema, p } from "@mikro-orm/sqlite";
import { startFleet } from "./fleet.ts";

loaderContract<EntitySchema>("sqlite", { defineEntity, p } as never, async (entities) => {
  const { db, tenancy, acme, globex } = await startFleet({ entities });
  return {
    ...{ acme, globex },
    run: ({ id }, work) => tenancy.run(id, () => work(db.em() as never)),
  };
});
