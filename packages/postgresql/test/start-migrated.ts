import { createTenancy, memoryRegistry, type Tenancy } from "@af-tenancy/core";
import type { MikroOrmDatabases } from "@af-tenancy/database";
import { type PostgresqlOptions, postgresql } from "@af-tenancy/postgresql";
import type { SqlMigration } from "@af-tenancy/testing";
import { defineEntity, p } from "@mikro-orm/postgresql";
import { migrationOf } from "./migration-of.ts";

/** An application whose tenants' tables are made by migrations. */
export interface Migrated {
  readonly databases: MikroOrmDatabases;
  readonly tenancy: Tenancy;
  close(): Promise<void>;
}

/** Starts it on a server, also in a process of its own. */
export async function startMigrated(
  connection: PostgresqlOptions["connection"],
  migrations: readonly SqlMigration[],
  options: Partial<PostgresqlOptions> = {},
): Promise<Migrated> {
  const properties = { id: p.integer().primary(), text: p.string().nullable() };
  const databases = postgresql({
    ...{ connection, entities: [defineEntity({ name: "Note", properties })] },
    ...{ migrations: migrations.map(migrationOf), ...options },
  });
  const tenancy = createTenancy({ registry: memoryRegistry(), databases });
  await tenancy.start();
  return { databases, tenancy, close: () => tenancy.close() };
}
