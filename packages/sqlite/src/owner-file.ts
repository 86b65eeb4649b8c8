import type { DatabaseOwner } from "@af-tenancy/core";
import {
  type OwnerRow,
  ownerIn,
  ownerMarker,
  type RunSql,
  readOwnerMarker,
} from "@af-tenancy/database";
import { codeOf } from "./code-of.ts";
import type { NativeSqlite } from "./native-sqlite.ts";

/** Marks a file as a tenant database of this framework: "aft1" in SQLite's header. */
export const applicationId = 0x61667431;

/** Reads the marker of an open file; `undefined` when it is none of ours. */
export async function readOwnedFile(run: RunSql): Promise<DatabaseOwner | undefined> {
  const [header] = await run<Header>("pragma application_id");
  return header?.application_id === applicationId ? readOwnerMarker(run) : undefined;
}

/**
 * Reads the marker of an open file at once, as it is on the disk and not in the cache; `undefined` when it is none of ours.
 * Throws what SQLite throws.
 */
export function ownerOnDisk(native: NativeSqlite): DatabaseOwner | undefined {
  native.exec("pragma shrink_memory");
  const [header] = native.prepare("pragma application_id").all([]) as [Header?];
  if (header?.application_id !== applicationId) return undefined;
  return ownerIn(native.prepare(ownerMarker.readOwner).all([]) as OwnerRow[]);
}

interface Header {
  readonly application_id: number;
}

/** Tells whether reading the marker failed because there is none: no SQLite file, or one without the table. */
export function isUnmarked(error: unknown): boolean {
  const code = codeOf(error);
  return (
    code === "SQLITE_NOTADB" || (code === "SQLITE_ERROR" && /no such table/.test(String(error)))
  );
}
