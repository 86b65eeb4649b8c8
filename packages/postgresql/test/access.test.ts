import { accessContract } from "@af-tenancy/testing";
import { describe, onTestFinished } from "vitest";
import { Note } from "./entities.ts";
import { startFleet } from "./fleet.ts";
import { withServer } from "./server.ts";
import { startSharedTables } from "./start-shared-tables.ts";

describe.skipIf(withServer !== "")(`with a server${withServer}`, () => {
  for (const strategy of ["database", "schema"] as const) {
    accessContract(`postgresql, a ${strategy} each`, {
      async start() {
        const { db, tenancy, acme, globex } = await startFleet({ strategy });
        return {
          ...{ acme, globex, Note },
          run: (tenant, work) => tenancy.run(tenant as never, async () => work(db.em() as never)),
        };
      },
    });
  }

  accessContract("postgresql, shared tables", {
    async start() {
      const { run, add, entities, close } = await startSharedTables();
      onTestFinished(close);
      return { acme: await add(), globex: await add(), Note: entities.Note, run: run as never };
    },
  });
});
