import { accessContract, serveSharedTables, sharedEntities } from "@af-tenancy/testing";
import { defineEntity, type EntitySchema, p } from "@mikro-orm/sqlite";
import { onTestFinished } from "vitest";
import { sqlite } from "../src/index.ts";
import { Note } from "./entities.ts";
import { startFleet } from "./fleet.ts";
import { temporaryFolder } from "./temporary-folder.ts";

accessContract("sqlite, a file each", {
  async start() {
    const { db, tenancy, acme, globex } = await startFleet();
    return {
      ...{ acme, globex, Note },
      run: (tenant, work) => tenancy.run(tenant as never, async () => work(db.em() as never)),
    };
  },
});

accessContract("sqlite, shared tables", {
  refusesRawSql: true,
  async start() {
    const entities = sharedEntities<EntitySchema>({ defineEntity, p } as never);
    const db = sqlite({
      folder: temporaryFolder(),
      entities: Object.values(entities),
      strategies: ["row"],
      global: [entities.Country],
    });
    const { run, add, close } = await serveSharedTables(db);
    onTestFinished(close);
    const [acme, globex] = [await add(), await add()];
    return { acme, globex, Note: entities.Note, run: run as never };
  },
});
