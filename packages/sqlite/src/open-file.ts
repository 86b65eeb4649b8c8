import { mkdir } from "node:fs/promises";
import { dirname } from "node:path";
import { DatabaseNotReadyError, type DatabaseOwner, type TenantDatabase } from "@af-tenancy/core";
import { assertOwner, PoolExhaustedError } from "@af-tenancy/database";
import { checkStatement } from "./check-statement.ts";
import { type Confirm, FileWatch } from "./file-watch.ts";
import { HandOver } from "./hand-over.ts";
import type { NativeSqlite } from "./native-sqlite.ts";
import { isUnmarked, ownerOnDisk } from "./owner-file.ts";
import { SqliteFileDriver } from "./sqlite-file-driver.ts";
import { memory, type SqliteFiles } from "./sqlite-files.ts";
import type { TenantFile } from "./tenant-file.ts";

/** A page cache of half a megabyte per file, where the library's default is sixteen. */
const commonPragmas: readonly string[] = [
  "synchronous = full",
  "foreign_keys = on",
  "cache_size = -512",
];

/**
 * Opens the file of a tenant, or of many; whoever leases it checks whose it is. Throws `DatabaseNotReadyError` or what
 * SQLite throws.
 */
export async function openTenantFile(
  files: SqliteFiles,
  file: TenantFile,
  database: TenantDatabase,
  journalMode: string,
  refuseWait?: () => Error | undefined,
): Promise<SqliteFileDriver> {
  try {
    const confirm =
      database.placement.strategy === "row" ? undefined : confirming(files, file.path, database);
    return await open(files, file, journalMode, { mustExist: true, confirm, refuseWait });
  } catch (error) {
    if ((await file.bytes()) !== undefined) throw error;
    const { tenantId } = database;
    throw new DatabaseNotReadyError(tenantId, `there is no file "${file.name}.sqlite"`);
  }
}

/** Throws `DatabaseMismatchError` when an open file is not the tenant's any more. */
function confirming(
  files: SqliteFiles,
  path: string,
  database: TenantDatabase,
): (native: NativeSqlite) => Confirm {
  return (native) => (where) => {
    const looking = where === "here" ? native : files.open(path, { mustExist: true });
    let found: DatabaseOwner | undefined;
    try {
      found = ownerOnDisk(looking);
    } catch (error) {
      if (!isUnmarked(error)) throw error;
    } finally {
      if (looking !== native) looking.close();
    }
    assertOwner(database, found);
  };
}

/** Opens the application's central file, making it where there is none. */
export async function openCentralFile(files: SqliteFiles, path: string): Promise<SqliteFileDriver> {
  await mkdir(dirname(path), { recursive: true });
  return open(files, { path, name: path }, "wal", { mustExist: false });
}

/** Opens the registry's file, making it unless it has to exist; throws what `tooLate` makes when it stays locked. */
export function openRegistryFile(
  files: SqliteFiles,
  path: string,
  tooLate: (milliseconds: number) => Error,
  mustExist = false,
): Promise<SqliteFileDriver> {
  return SqliteFileDriver.open({
    open: () => files.open(path, { mustExist }),
    watch: () => new FileWatch(path, path),
    // With a log of its own a reader never waits for a writer; synced at every commit, the log loses nothing.
    pragmas: ["journal_mode = wal", "synchronous = full", "foreign_keys = on"],
    check: checkStatement,
    isUsedLater: true,
    tooLate,
    handOver: new HandOver(),
  });
}

/** Opens an empty database that lives in memory for as long as it is open. */
export function openInMemory(files: SqliteFiles): Promise<SqliteFileDriver> {
  return SqliteFileDriver.open({
    open: () => files.open(memory, { mustExist: false }),
    pragmas: commonPragmas,
    check: checkStatement,
    tooLate: (waited) => new PoolExhaustedError("sample", waited),
  });
}

interface OpenOptions {
  readonly mustExist: boolean;
  readonly confirm?: ((native: NativeSqlite) => Confirm) | undefined;
  readonly refuseWait?: (() => Error | undefined) | undefined;
}

function open(
  files: SqliteFiles,
  { path, name }: Pick<TenantFile, "path" | "name">,
  journalMode: string,
  { mustExist, confirm, refuseWait }: OpenOptions,
): Promise<SqliteFileDriver> {
  return SqliteFileDriver.open({
    open: () => files.open(path, { mustExist }),
    pragmas: [`journal_mode = ${journalMode}`, ...commonPragmas],
    check: checkStatement,
    watch: (native) => new FileWatch(path, name, confirm?.(native)),
    tooLate: (waited) => new PoolExhaustedError(name, waited),
    ...(refuseWait && { refuseWait }),
  });
}
