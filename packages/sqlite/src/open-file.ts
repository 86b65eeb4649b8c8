import { mkdir } from "node:fs/promises";
import { dirname } from "node:path";
import { DatabaseNotReadyError, type TenantDatabase } from "@af-tenancy/core";
import { assertOwner, PoolExhaustedError, sqlRunner } from "@af-tenancy/database";
import { checkStatement } from "./check-statement.ts";
import { FileWatch } from "./file-watch.ts";
import { HandOver } from "./hand-over.ts";
import { readOwnedFile } from "./owner-file.ts";
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
 * Opens the file of a tenant, or of many; the marker of one's own is checked each time, because another file may stand
 * there since the last. Throws
 * `DatabaseNotReadyError`, `DatabaseMismatchError` or what SQLite throws.
 */
export async function openTenantFile(
  files: SqliteFiles,
  file: TenantFile,
  database: TenantDatabase,
  journalMode: string,
  refuseWait?: () => Error | undefined,
): Promise<SqliteFileDriver> {
  let driver: SqliteFileDriver | undefined;
  try {
    driver = await open(files, file.path, file.name, journalMode, true, refuseWait);
    if (database.placement.strategy !== "row") await assertOwnFile(driver, database);
    return driver;
  } catch (error) {
    await driver?.destroy();
    if ((await file.bytes()) !== undefined) throw error;
    const { tenantId } = database;
    throw new DatabaseNotReadyError(tenantId, `there is no file "${file.name}.sqlite"`);
  }
}

async function assertOwnFile(driver: SqliteFileDriver, database: TenantDatabase): Promise<void> {
  const run = sqlRunner(await driver.acquireConnection());
  assertOwner(database, await readOwnedFile(run));
}

/** Opens the application's central file, making it where there is none. */
export async function openCentralFile(files: SqliteFiles, path: string): Promise<SqliteFileDriver> {
  await mkdir(dirname(path), { recursive: true });
  return open(files, path, path, "wal", false);
}

/** Opens the registry's file, making it where there is none; throws what `tooLate` makes when it stays locked. */
export function openRegistryFile(
  files: SqliteFiles,
  path: string,
  tooLate: (milliseconds: number) => Error,
): Promise<SqliteFileDriver> {
  return SqliteFileDriver.open({
    open: () => files.open(path, { mustExist: false }),
    // With a log of its own a reader never waits for a writer; synced at every commit, the log loses nothing.
    pragmas: ["journal_mode = wal", "synchronous = full", "foreign_keys = on"],
    check: checkStatement,
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

function open(
  files: SqliteFiles,
  path: string,
  name: string,
  journalMode: string,
  mustExist: boolean,
  refuseWait?: () => Error | undefined,
): Promise<SqliteFileDriver> {
  return SqliteFileDriver.open({
    open: () => files.open(path, { mustExist }),
    pragmas: [`journal_mode = ${journalMode}`, ...commonPragmas],
    check: checkStatement,
    watch: () => new FileWatch(path, name),
    tooLate: (waited) => new PoolExhaustedError(name, waited),
    ...(refuseWait && { refuseWait }),
  });
}
