import { DatabaseNotReadyError, DatabaseOwnedError, type TenantDatabase } from "@af-tenancy/core";
import { markerAct, type RunSql, registryTable } from "@af-tenancy/database";
import { findDatabase, noteOwner } from "./found-database.ts";
import { writeOwnerTable } from "./owner-table.ts";

/**
 * Marks a database that its tenant adopts, for whoever works on its name alone. A crash in between leaves it nobody's, or
 * this tenant's without the table, and is mended by the next call. Throws `DatabaseOwnedError` or `DatabaseNotReadyError`.
 */
export async function adoptDatabase(run: RunSql, database: TenantDatabase): Promise<void> {
  const { tenantId, placement } = database;
  const { name, generation } = placement;
  const found = await findDatabase(run, database);
  if (found === undefined) {
    throw new DatabaseNotReadyError(tenantId, `there is no database "${name}"`);
  }
  const act = markerAct(database, found.owner);
  if (act === "nothing" && found.isMarked) return;
  if (!found.isMarked) await assertNoRegistry(run, name);
  await noteOwner(run, name, { tenantId, generation });
  if (!found.isMarked) await writeOwnerTable(run, { tenantId, generation });
  await run(`update _tenancy_owner set generation = ${generation} where tenant_id = '${tenantId}'`);
}

async function assertNoRegistry(run: RunSql, name: string): Promise<void> {
  const [table] = await run(
    `select 1 from information_schema.tables where table_schema = '${name}' and table_name = '${registryTable}'`,
  );
  if (table !== undefined) throw new DatabaseOwnedError(name, "a registry of tenants");
}
