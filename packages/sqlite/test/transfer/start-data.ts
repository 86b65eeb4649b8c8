import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { PlacementStrategy } from "@af-tenancy/core";
import { type DataSite, dataEntities, serveSharedTables } from "@af-tenancy/testing";
import { defineEntity, type EntitySchema, p } from "@mikro-orm/sqlite";
import { sqlite } from "../../src/index.ts";

/** Starts an application with the entities of the contract for data. */
export async function startData(...strategies: readonly PlacementStrategy[]) {
  const folder = mkdtempSync(join(tmpdir(), "af-tenancy-data-"));
  const entities = dataEntities<EntitySchema>({ defineEntity, p } as never);
  const db = sqlite({ folder, entities: Object.values(entities), strategies });
  const served = await serveSharedTables(db);
  const site: DataSite = {
    ...{ entities, data: db.data as never, add: served.add, run: served.run as never },
    async close() {
      await served.close();
      rmSync(folder, { recursive: true });
    },
  };
  return { ...site, db, tenancy: served.tenancy, entities, add: served.add };
}
