import type { DatabaseOwner } from "@af-tenancy/core";
import { ownerMarker, type RunSql, readOwnerMarker } from "@af-tenancy/database";
import { codeOf } from "./code-of.ts";
import { isMissing } from "./server-errors.ts";

/** Reads the marker of the current database; `undefined` when it has none. */
export async function readOwnerTable(run: RunSql): Promise<DatabaseOwner | undefined> {
  try {
    return await readOwnerMarker(run);
  } catch (error) {
    if (isNoMarker(error)) return undefined;
    throw error;
  }
}

/** Tells whether an error says that there is no table of markers, one of another kind, or no database for it. */
export function isNoMarker(error: unknown): boolean {
  return isMissing(error) || codeOf(error) === "ER_BAD_FIELD_ERROR";
}

/** Writes the marker into the current database; may be run again after a crash. */
export async function writeOwnerTable(run: RunSql, owner: DatabaseOwner): Promise<void> {
  await run(ownerMarker.createTable.replace(/^create table/, "create table if not exists"));
  const values = `'${owner.tenantId}', ${owner.generation}, 0`;
  await run(`insert ignore into _tenancy_owner (tenant_id, generation, canary) values (${values})`);
}
