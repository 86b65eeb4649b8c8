import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { centralSyncTables, resourceSyncing, tenantSyncTable } from "@af-tenancy/database";
import { sqlite } from "@af-tenancy/sqlite";
import {
  peopleResource,
  resourceSyncingContract,
  serveSyncing,
  syncedPeople,
  testScale,
} from "@af-tenancy/testing";
import { defineEntity, type EntitySchema, p } from "@mikro-orm/sqlite";
import { describe } from "vitest";

/** The short run is for what is most this driver's own. */
const strategies = testScale() < 1 ? (["database"] as const) : (["database", "row"] as const);

describe.each(strategies)("tenants with the strategy %s", (strategy) => {
  resourceSyncingContract("sqlite", {
    async start(queue) {
      const folder = mkdtempSync(join(tmpdir(), "af-tenancy-"));
      const entities = syncedPeople<EntitySchema>({ defineEntity, p } as never);
      const { Person, CentralPerson } = entities;
      const syncing = resourceSyncing({ resources: [peopleResource(entities)], queue });
      const db = sqlite({
        folder: join(folder, "tenants"),
        journalMode: "wal",
        strategies: [strategy],
        entities: [Person, tenantSyncTable()],
        central: {
          file: join(folder, "app.sqlite"),
          entities: [CentralPerson, ...centralSyncTables()],
        },
      });
      const subject = await serveSyncing(db, syncing, entities);
      return {
        ...subject,
        async close() {
          await subject.close();
          rmSync(folder, { recursive: true, force: true });
        },
      };
    },
  });
});
