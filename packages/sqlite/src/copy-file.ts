import {
  DatabaseNotReadyError,
  DatabaseOwnedError,
  type DatabaseOwner,
  type TenantDatabase,
} from "@af-tenancy/core";
import { PoolExhaustedError } from "@af-tenancy/database";
import { whileBusy } from "./busy.ts";
import type { SqliteFiles } from "./sqlite-files.ts";
import type { TenantFile } from "./tenant-file.ts";

/**
 * Copies a tenant's file, as it is at one moment, to a draft whose marker is another tenant's from the first moment at
 * which it has a name. Who writes to it meanwhile waits, except where the file has a write-ahead log. Throws
 * `DatabaseOwnedError` where the file is not its owner's.
 */
export async function copyFile(
  files: SqliteFiles,
  file: TenantFile,
  source: TenantDatabase,
  draft: string,
  owner: DatabaseOwner,
): Promise<void> {
  if ((await file.bytes()) === undefined) {
    throw new DatabaseNotReadyError(source.tenantId, `there is no file "${file.name}"`);
  }
  const busy = (waited: number) => new PoolExhaustedError(file.name, waited);
  const native = files.open(file.path, { mustExist: true });
  try {
    // The library would begin again at each change by others: in a transaction there is none.
    await whileBusy(() => {
      native.exec("begin");
      try {
        native.prepare("select count(*) from sqlite_master").all([]);
      } catch (error) {
        native.exec("rollback");
        throw error;
      }
    }, busy);
    await native.backup(draft, { progress: () => pagesAtOnce });
  } finally {
    native.close();
  }
  mark(files, draft, file.name, source, owner);
}

/** How many pages are copied before the process does other things. */
const pagesAtOnce = 512;

function mark(
  files: SqliteFiles,
  draft: string,
  name: string,
  { tenantId, placement: { generation } }: TenantDatabase,
  owner: DatabaseOwner,
): void {
  const native = files.open(draft, { mustExist: true });
  try {
    native.exec("pragma journal_mode = delete; pragma synchronous = full");
    const { changes } = native
      .prepare(
        "update _tenancy_owner set tenant_id = ?, generation = ?, canary = 0 where tenant_id = ? and generation = ?",
      )
      .run([owner.tenantId, owner.generation, tenantId, generation]);
    if (changes !== 1) throw new DatabaseOwnedError(name, "another tenant or generation");
  } finally {
    native.close();
  }
}
