import { centralSyncTables, resourceSyncing, tenantSyncTable } from "@af-tenancy/database";
import { mysql } from "@af-tenancy/mysql";
import {
  peopleResource,
  resourceSyncingContract,
  serveSyncing,
  syncedPeople,
  testScale,
} from "@af-tenancy/testing";
import { defineEntity, type EntitySchema, p } from "@mikro-orm/mariadb";
import { describe } from "vitest";
import { admin, missing, server, uniqueName } from "./server.ts";

/** The short run is for what is most this driver's own. */
const strategies = testScale() < 1 ? (["database"] as const) : (["database", "row"] as const);

describe.skipIf(missing).each(strategies)("tenants with the strategy %s", (strategy) => {
  resourceSyncingContract("mariadb", {
    async start(queue) {
      const [database, shared] = [uniqueName("syncing"), uniqueName("shared")];
      await admin(`create database ${database}`);
      const entities = syncedPeople<EntitySchema>({ defineEntity, p } as never);
      const { Person, CentralPerson } = entities;
      const syncing = resourceSyncing({ resources: [peopleResource(entities)], queue });
      const db = mysql({
        ...{ connection: server, flavour: "mariadb", strategies: [strategy] },
        sharedDatabase: shared,
        entities: [Person, tenantSyncTable()],
        central: { database, entities: [CentralPerson, ...centralSyncTables()] },
      });
      const subject = await serveSyncing(db, syncing, entities);
      return {
        ...subject,
        async close() {
          await subject.close();
          await admin(`drop database ${database}; drop database if exists ${shared}`);
        },
      };
    },
  });
});
