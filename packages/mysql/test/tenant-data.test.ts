import { type DataSite, dataEntities, serveData, tenantDataContract } from "@af-tenancy/testing";
import { defineEntity, type EntitySchema, p } from "@mikro-orm/mysql";
import { mysql } from "../src/index.ts";
import { server } from "./server.ts";
import { startSharedTables } from "./start-shared-tables.ts";

tenantDataContract("mariadb, a database each", {
  keepsNumbers: [],
  async start(): Promise<DataSite> {
    const entities = dataEntities<EntitySchema>({ defineEntity, p } as never);
    const db = mysql({
      connection: server,
      flavour: "mariadb",
      entities: Object.values(entities),
    });
    return serveData(db, entities);
  },
});

tenantDataContract("mariadb, shared tables", {
  keepsNumbers: [],
  async start(): Promise<DataSite> {
    const entities = dataEntities<EntitySchema>({ defineEntity, p } as never);
    const { db, add, run, close } = await startSharedTables({ entities: Object.values(entities) });
    return { entities, data: db.data as never, add, run: run as never, close };
  },
  tenantColumn: "tenant_id",
});
