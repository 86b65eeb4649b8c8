import { createTenancy, memoryRegistry, type Tenancy } from "@af-tenancy/core";
import type { MikroOrmDatabases } from "@af-tenancy/database";
import { type MysqlOptions, mysql } from "@af-tenancy/mysql";
import type { SqlMigration } from "@af-tenancy/testing";
import { defineEntity, p } from "@mikro-orm/mysql";
import { migrationOf } from "./migration-of.ts";

/** An application whose tenants' tables are made by migrations. */
export interface Migrated {
  readonly databases: MikroOrmDatabases;
  readonly tenancy: Tenancy;
  close(): Promise<void>;
}

/** Starts it on a server, also in a process of its own. */
export async function startMigrated(
  connection: MysqlOptions["connection"],
  migrations: readonly SqlMigration[],
  options: Partial<MysqlOptions> = {},
): Promise<Migrated> {
  const properties = { id: p.integer().primary(), text: p.string().nullable() };
  const databases = mysql({
    ...{ connection, flavour: "mariadb", entities: [defineEntity({ name: "Note", properties })] },
    ...{ migrations: migrations.map(migrationOf), ...options },
  });
  const tenancy = createTenancy({ registry: memoryRegistry(), databases });
  await tenancy.start();
  return { databases, tenancy, close: () => tenancy.close() };
}
