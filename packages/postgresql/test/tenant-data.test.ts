import { type DataSite, dataEntities, serveData, tenantDataContract } from "@af-tenancy/testing";
import { defineEntity, type EntitySchema, p } from "@mikro-orm/postgresql";
import { describe } from "vitest";
import { postgresql } from "../src/index.ts";
import { server, withServer } from "./server.ts";
import { startSharedTables } from "./start-shared-tables.ts";

const keepsNumbers = ["NaN", "Infinity", "-Infinity"] as const;

describe.skipIf(withServer !== "")(`with a server${withServer}`, () => {
  for (const strategy of ["database", "schema"] as const) {
    tenantDataContract(`postgresql, a ${strategy} each`, {
      brief: true,
      keepsNumbers,
      async start(): Promise<DataSite> {
        const entities = dataEntities<EntitySchema>({ defineEntity, p } as never);
        const db = postgresql({
          connection: server,
          entities: Object.values(entities),
          strategies: [strategy],
        });
        return serveData(db, entities);
      },
    });
  }

  tenantDataContract("postgresql, shared tables", {
    keepsNumbers,
    async start(): Promise<DataSite> {
      const entities = dataEntities<EntitySchema>({ defineEntity, p } as never);
      const { db, add, run, close } = await startSharedTables({
        entities: Object.values(entities),
        global: [],
      });
      return { entities, data: db.data as never, add, run: run as never, close };
    },
    tenantColumn: "tenant_id",
  });
});
