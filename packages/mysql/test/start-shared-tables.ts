import type { MikroOrmDatabases } from "@af-tenancy/database";
import { type MysqlOptions, mysql } from "@af-tenancy/mysql";
import {
  type ServedTables,
  type SharedTables,
  serveSharedTables,
  sharedEntities,
} from "@af-tenancy/testing";
import { defineEntity, type EntitySchema, p, raw } from "@mikro-orm/mysql";
import { onTestFinished } from "vitest";
import { admin, server, uniqueName } from "./server.ts";

/** An application whose tenants share tables, and what tests of it look at. */
export interface SharedSite extends ServedTables, Omit<SharedTables, keyof ServedTables> {
  readonly db: MikroOrmDatabases;
  /** Name of the database in which the tables are. */
  readonly shared: string;
}

/** Starts it in a database of its own, which goes with it. */
export async function startSharedTables(options: Partial<MysqlOptions> = {}): Promise<SharedSite> {
  const shared = options.sharedDatabase ?? uniqueName("shared");
  const entities = sharedEntities<EntitySchema>({ defineEntity, p } as never);
  const db = mysql({
    connection: server,
    flavour: "mariadb",
    entities: Object.values(entities),
    strategies: ["row"],
    ...(options.entities === undefined && { global: [entities.Country] }),
    sharedDatabase: shared,
    ...options,
  });
  const served = await serveSharedTables(db);

  return {
    ...{ ...served, db, shared, entities },
    raw: (sql) => raw(sql) as unknown as string,
    admin: (sql) => admin(sql, shared),
    async close() {
      await served.close();
      await admin(`drop database if exists ${shared}`);
    },
  };
}

/** Starts it for one test. */
export async function siteForTest(options: Partial<MysqlOptions> = {}): Promise<SharedSite> {
  const site = await startSharedTables(options);
  onTestFinished(() => site.close());
  return site;
}
