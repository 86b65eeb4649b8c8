import type { MikroOrmDatabases } from "@af-tenancy/database";
import { type PostgresqlOptions, postgresql } from "@af-tenancy/postgresql";
import {
  type ServedTables,
  type SharedTables,
  serveSharedTables,
  sharedEntities,
} from "@af-tenancy/testing";
import { defineEntity, type EntitySchema, p, raw } from "@mikro-orm/postgresql";
import { asAdmin, server, uniqueName } from "./server.ts";

/** An application whose tenants share tables, and what tests of it look at. */
export interface SharedSite extends ServedTables, Omit<SharedTables, keyof ServedTables> {
  readonly db: MikroOrmDatabases;
  readonly schema: string;
  readonly role: string;
}

/** Starts it in a schema of its own, which goes with it. */
export async function startSharedTables(
  options: Partial<PostgresqlOptions> = {},
): Promise<SharedSite> {
  const schema = options.sharedSchema ?? uniqueName("shared");
  const role = options.sharedRole ?? uniqueName("rows");
  const entities = sharedEntities<EntitySchema>({ defineEntity, p } as never);
  const db = postgresql({
    connection: server,
    entities: Object.values(entities),
    strategies: ["row"],
    global: [entities.Country],
    ...{ sharedSchema: schema, sharedRole: role },
    ...options,
  });
  const served = await serveSharedTables(db);

  return {
    ...{ ...served, db, schema, role, entities },
    raw: (sql) => raw(sql) as unknown as string,
    admin: (sql) => asAdmin(`set search_path to "${schema}"; ${sql}`),
    async close() {
      await served.close();
      await dropShared(schema, role);
    },
  };
}

/** Removes the schema and the role. */
async function dropShared(schema: string, role: string): Promise<void> {
  await asAdmin(
    `drop schema if exists "${schema}" cascade; drop owned by "${role}"; drop role "${role}"`,
  );
}
