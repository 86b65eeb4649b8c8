import { onTestFinished } from "vitest";
import { type ServingDatabases, serveSharedTables } from "../rows/serve-shared-tables.ts";
import type { DataEntities } from "./data-entities.ts";
import type { DataSite } from "./tenant-data-harness.ts";

/** Starts an application whose tenants have a database or schema each, which is dropped when their test is over. */
export async function serveData(
  db: ServingDatabases & { readonly data: unknown },
  entities: DataEntities,
): Promise<DataSite> {
  const { add, drop, run, close } = await serveSharedTables(db);
  return {
    ...{ entities, data: db.data as never, run: run as never, close },
    async add() {
      const tenant = await add();
      onTestFinished(() => drop(tenant), 60_000);
      return tenant;
    },
  };
}
