import type { DatabaseOwner } from "@af-tenancy/core";
import {
  type OwnerRow,
  ownerIn,
  ownerMarker,
  type RunSql,
  readOwnerMarker,
  type SchemaTemplate,
} from "@af-tenancy/database";
import { codeOf } from "./code-of.ts";
import type { NativeSqlite } from "./native-sqlite.ts";
import type { SqliteFiles } from "./sqlite-files.ts";

/** Marks a file as a tenant database of this framework: "aft1" in SQLite's header. */
export const applicationId = 0x61667431;

/** The contents of files that are made alike, but for their owners. */
export class OwnedFiles {
  readonly #files: SqliteFiles;
  #template: SchemaTemplate | undefined;
  #blank: NativeSqlite | undefined;

  constructor(files: SqliteFiles) {
    this.#files = files;
  }

  /** Says what they hold besides the marker; nothing when it is never said. */
  copies(template: SchemaTemplate): void {
    this.#template = template;
  }

  /** Gives the bytes of a new file; the file of a tenant is made in memory, and written to the disk at once. */
  async contents(owner: DatabaseOwner): Promise<Buffer> {
    this.#blank ??= this.#makeBlank(await this.#template?.statements());
    const { insert, remove } = ownerMarker;
    this.#blank.prepare(insert).run([owner.tenantId, owner.generation]);
    try {
      return this.#blank.serialize();
    } finally {
      this.#blank.prepare(remove).run([]);
    }
  }

  /** It stays open, because reading its tables anew takes longer than all the rest; what is removed is overwritten. */
  #makeBlank(statements: readonly string[] = []): NativeSqlite {
    const native = this.#files.openInMemory();
    try {
      native.exec(`pragma application_id = ${applicationId}`);
      native.exec("pragma secure_delete = on");
      native.exec(ownerMarker.createTable);
      if (!fill(native, statements)) native.exec("rollback");
      return native;
    } catch (error) {
      native.close();
      throw error;
    }
  }
}

/** Tells whether all of it was done; what fails here fails again, and is told, when the tables are missed. */
function fill(native: NativeSqlite, statements: readonly string[]): boolean {
  native.exec("begin");
  try {
    for (const statement of statements) native.exec(statement);
    native.exec("commit");
    return true;
  } catch {
    return false;
  }
}

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
