import type { DatabaseOwner } from "@af-tenancy/core";
import { ownerMarker, type RunSql, readOwnerMarker } from "@af-tenancy/database";
import { literal, quoted } from "./quoted.ts";
import { codeOf } from "./server-errors.ts";

/** SQL that marks a schema as its owner's; refused where it has a marker. */
export function markerSql(schema: string, owner: DatabaseOwner): string {
  return marking(schema, ownerMarker.createTable, owner);
}

/** SQL that marks a schema which was just made, perhaps as a copy that has the marker's table and nobody in it. */
export function newMarkerSql(schema: string, owner: DatabaseOwner): string {
  const table = ownerMarker.createTable.replace("create table", "create table if not exists");
  return marking(schema, table, owner);
}

function marking(schema: string, table: string, { tenantId, generation }: DatabaseOwner): string {
  const insert = ownerMarker.insert
    .replace("?", literal(tenantId))
    .replace("?", String(generation));
  return [`set local search_path to ${quoted(schema)}`, table, insert].join(";");
}

/** Reads the marker through a connection that sees the tenant's tables; `undefined` where there is none. */
export async function readMarker(run: RunSql): Promise<DatabaseOwner | undefined> {
  try {
    return await readOwnerMarker(run);
  } catch (error) {
    if (/^(?:42P01|42501|42703)$/.test(codeOf(error))) return undefined;
    throw error;
  }
}
