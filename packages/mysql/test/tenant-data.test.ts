import {
  type DataSite,
  dataEntities,
  serveSharedTables,
  tenantDataContract,
} from "@af-tenancy/testing";
import { defineEntity, type EntitySchema, p } from "@mikro-orm/mysql";
import { onTestFinished } from "vitest";
import { mysql } from "../src/index.ts";
import { server } from "./server.ts";
import { startSharedTables } from "./start-shared-tables.ts";

tenantDataContract("mariadb, a database each", {
  async start(): Promise<DataSite> {
    const entities = dataEntities<EntitySchema>({ defineEntity, p } as never);
    const db = mysql({
      connection: server,
      flavour: "mariadb",
      entities: Object.values(entities),
    });
    const { add, drop, run, close } = await serveSharedTables(db);
    return {
      ...{ entities, data: db.data as never, run: run as never, close },
      async add() {
        const tenant = await add();
        onTestFinished(() => drop(tenant), 60_000);
        return tenant;
      },
    };
  },
});

tenantDataContract("mariadb, shared tables", {
  async start(): Promise<DataSite> {
    const entities = dataEntities<EntitySchema>({ defineEntity, p } as never);
    const { db, add, run, close } = await startSharedTables({ entities: Object.values(entities) });
    return { entities, data: db.data as never, add, run: run as never, close };
  },
  tenantColumn: "tenant_id",
});
