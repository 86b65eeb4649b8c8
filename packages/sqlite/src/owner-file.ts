import type { DatabaseOwner } from "@af-tenancy/core";
import { ownerMarker, type RunSql, readOwnerMarker } from "@af-tenancy/database";
import { codeOf } from "./code-of.ts";
import type { SqliteFiles } from "./sqlite-files.ts";

/** Marks a file as a tenant database of this framework: "aft1" in SQLite's header. */
const applicationId = 0x61667431;

/** Makes a database file that holds nothing but its owner's marker. */
export function writeOwnedFile(files: SqliteFiles, path: string, owner: DatabaseOwner): void {
  const native = files.open(path, { mustExist: false });
  try {
    // The caller sees to it that all of it is on the disk before it gets its name.
    native.exec("pragma journal_mode = off; pragma synchronous = off");
    native.exec(`pragma application_id = ${applicationId}`);
    native.exec(ownerMarker.createTable);
    native.prepare(ownerMarker.insert).run([owner.tenantId, owner.generation]);
  } finally {
    native.close();
  }
}

/** Reads the marker of an open file; `undefined` when it is none of ours. */
export async function readOwnedFile(run: RunSql): Promise<DatabaseOwner | undefined> {
  const [header] = await run<{ readonly application_id: number }>("pragma application_id");
  return header?.application_id === applicationId ? readOwnerMarker(run) : undefined;
}

/** Tells whether reading the marker failed because there is none: no SQLite file, or one without the table. */
export function isUnmarked(error: unknown): boolean {
  const code = codeOf(error);
  return (
    code === "SQLITE_NOTADB" || (code === "SQLITE_ERROR" && /no such table/.test(String(error)))
  );
}
