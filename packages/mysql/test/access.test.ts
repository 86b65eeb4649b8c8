import { accessContract } from "@af-tenancy/testing";
import { describe } from "vitest";
import { Note } from "./entities.ts";
import { startFleet } from "./fleet.ts";
import { missing } from "./server.ts";
import { siteForTest } from "./start-shared-tables.ts";

describe.skipIf(missing)("with a server", () => {
  accessContract("mariadb, a database each", {
    async start() {
      const { db, tenancy, acme, globex } = await startFleet();
      return {
        ...{ acme, globex, Note },
        run: (tenant, work) => tenancy.run(tenant as never, async () => work(db.em() as never)),
      };
    },
  });

  accessContract("mariadb, shared tables", {
    refusesRawSql: true,
    async start() {
      const { run, add, entities } = await siteForTest();
      return { acme: await add(), globex: await add(), Note: entities.Note, run: run as never };
    },
  });
});
