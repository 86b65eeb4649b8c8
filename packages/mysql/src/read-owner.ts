import { DatabaseNotReadyError, type DatabaseOwner, type TenantDatabase } from "@af-tenancy/core";
import type { RunSql } from "@af-tenancy/database";
import { readOwnerTable } from "./owner-table.ts";

/**
 * Reads the marker of the tenant's database that a session is in; `undefined` when it has none. Throws
 * `DatabaseNotReadyError` when it was dropped since the session entered it.
 */
export async function readOwner(
  run: RunSql,
  { tenantId, placement: { name } }: TenantDatabase,
): Promise<DatabaseOwner | undefined> {
  const owner = await readOwnerTable(run);
  if (owner !== undefined) return owner;
  const found = await run(
    `select 1 from information_schema.schemata where schema_name = '${name}'`,
  );
  if (found.length > 0) return undefined;
  throw new DatabaseNotReadyError(tenantId, `there is no database "${name}"`);
}
