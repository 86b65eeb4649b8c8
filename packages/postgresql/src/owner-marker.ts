import type { DatabaseOwner } from "@af-tenancy/core";
import { ownerMarker, type RunSql, readOwnerMarker } from "@af-tenancy/database";
import { literal, quoted } from "./quoted.ts";
import { codeOf } from "./server-errors.ts";

/** SQL that marks a schema as its owner's. */
export function markerSql(schema: string, { tenantId, generation }: DatabaseOwner): string {
  const insert = ownerMarker.insert
    .replace("?", literal(tenantId))
    .replace("?", String(generation));
  return [`set local search_path to ${quoted(schema)}`, ownerMarker.createTable, insert].join(";");
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
