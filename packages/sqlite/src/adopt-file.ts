import { DatabaseOwnedError, type DatabaseOwner, type TenantDatabase } from "@af-tenancy/core";
import {
  markerAct,
  ownerMarker,
  type RunSql,
  registryTable,
  sqlRunner,
  statement,
} from "@af-tenancy/database";
import { applicationId, isUnmarked, readOwnedFile } from "./owner-file.ts";
import type { SqliteFileDriver } from "./sqlite-file-driver.ts";

/**
 * Marks an open file as its tenant's, in one transaction that holds the write lock. Throws `DatabaseOwnedError` where it
 * is somebody else's.
 */
export async function adoptFile(driver: SqliteFileDriver, database: TenantDatabase): Promise<void> {
  const { tenantId, placement } = database;
  const connection = await driver.acquireConnection();
  const run = sqlRunner(connection);
  await driver.beginTransaction(connection, {});
  try {
    const act = markerAct(database, await ownerOf(run));
    if (act === "write") {
      await assertPlain(run, placement.name);
      await run(`pragma application_id = ${applicationId}`);
      await run(ownerMarker.createTable);
      const parameters = [tenantId, placement.generation];
      await connection.executeQuery({ ...statement(ownerMarker.insert), parameters });
    }
    if (act === "raise") {
      const parameters = [placement.generation, tenantId];
      await connection.executeQuery({ ...statement(raiseSql), parameters });
    }
    await driver.commitTransaction();
  } finally {
    await driver.rollbackTransaction();
  }
}

const raiseSql = "update _tenancy_owner set generation = ? where tenant_id = ?";

async function ownerOf(run: RunSql): Promise<DatabaseOwner | undefined> {
  try {
    return await readOwnedFile(run);
  } catch (error) {
    if (isUnmarked(error)) return undefined;
    throw error;
  }
}

/** Nobody's file has no number of another application, is no registry, and has no table that would be the marker. */
async function assertPlain(run: RunSql, name: string): Promise<void> {
  const [header] = await run<{ readonly application_id: number }>("pragma application_id");
  const number = header?.application_id ?? 0;
  if (number !== 0 && number !== applicationId) {
    throw new DatabaseOwnedError(name, `the application with the number ${number}`);
  }
  const [table] = await run<{ readonly name: string }>(
    `select name from sqlite_master where name in ('${registryTable}', '_tenancy_owner')`,
  );
  if (table !== undefined) throw new DatabaseOwnedError(name, `whoever made "${table.name}" in it`);
}
