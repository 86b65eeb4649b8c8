import { centralSyncTables, resourceSyncing, tenantSyncTable } from "@af-tenancy/database";
import { postgresql } from "@af-tenancy/postgresql";
import {
  peopleResource,
  resourceSyncingContract,
  serveSyncing,
  syncedPeople,
  testScale,
} from "@af-tenancy/testing";
import { defineEntity, type EntitySchema, p } from "@mikro-orm/postgresql";
import { describe } from "vitest";
import { asAdmin, server, uniqueName, withServer } from "./server.ts";

/** The short run is for what is most this driver's own. */
const strategies = testScale() < 1 ? (["row"] as const) : (["database", "schema", "row"] as const);

describe.skipIf(withServer !== "").each(strategies)(
  `tenants with the strategy %s${withServer}`,
  (strategy) => {
    resourceSyncingContract("postgresql", {
      async start(queue) {
        const database = uniqueName("syncing");
        await asAdmin(`create database "${database}"`);
        const entities = syncedPeople<EntitySchema>({ defineEntity, p } as never);
        const { Person, CentralPerson } = entities;
        const syncing = resourceSyncing({ resources: [peopleResource(entities)], queue });
        const db = postgresql({
          connection: { ...server, database },
          strategies: [strategy],
          sharedRole: database,
          entities: [Person, tenantSyncTable()],
          central: { database, entities: [CentralPerson, ...centralSyncTables()] },
        });
        const subject = await serveSyncing(db, syncing, entities);
        return {
          ...subject,
          async close() {
            await subject.close();
            await asAdmin(`drop database "${database}" with (force)`);
            await asAdmin(`drop role if exists "${database}"`);
          },
        };
      },
    });
  },
);
