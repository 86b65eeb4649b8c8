import type { TenantDatabase } from "@af-tenancy/core";
import type { RunSql } from "../connection/dialect.ts";
import { seedersTable } from "./seeder-dialect.ts";

/** Forgets, in a database that tenants share, which seeders a tenant has had. */
export async function forgetSeeders(
  run: RunSql,
  listTables: string,
  { tenantId }: TenantDatabase,
): Promise<void> {
  const tables = await run<{ readonly table_name: string }>(listTables);
  if (!tables.some(({ table_name }) => table_name === seedersTable)) return;
  await run(`delete from ${seedersTable} where tenant_id = '${tenantId}'`);
}
