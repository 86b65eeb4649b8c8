import { randomUUID } from "node:crypto";
import { link, rm } from "node:fs/promises";
import { DatabaseOwnedError, type DatabaseOwner, type TenantDatabase } from "@af-tenancy/core";
import {
  ConnectionHeldError,
  isInTransactionOf,
  PoolExhaustedError,
  type RunSql,
  readRowOwner,
  rowOwners,
  type SharedDatabase,
  sqlRunner,
} from "@af-tenancy/database";
import { codeOf } from "./code-of.ts";
import { makeFolder } from "./make-folder.ts";
import { checkPlacement } from "./placement-names.ts";
import { SqliteFileDriver } from "./sqlite-file-driver.ts";
import type { SqliteFiles } from "./sqlite-files.ts";
import { syncToDisk } from "./sync-to-disk.ts";
import type { TenantFile } from "./tenant-file.ts";

/** Marks a file as one that tenants share: "afts" in SQLite's header, so that it is never taken for one tenant's. */
const applicationId = 0x61667473;

/** The one file in which tenants share tables. */
export class SharedFile implements SharedDatabase {
  readonly file: TenantFile;
  readonly #files: SqliteFiles;
  readonly #served = new WeakSet<TenantDatabase>();

  constructor(files: SqliteFiles, file: TenantFile) {
    this.#files = files;
    this.file = file;
  }

  check(placement: TenantDatabase["placement"]): void {
    checkPlacement(placement, "row");
  }

  /** Like a tenant's own file it gets its name once it is finished, and never replaces one that stands. */
  async create(): Promise<void> {
    const { file } = this;
    if ((await file.bytes()) === undefined) {
      await makeFolder(file.draftFolder);
      const draft = file.draft(randomUUID());
      try {
        this.#write(draft);
        await syncToDisk(draft);
        await link(draft, file.path);
      } catch (error) {
        if (codeOf(error) !== "EEXIST") throw error;
      } finally {
        await rm(draft, { force: true });
      }
      await syncToDisk(file.folder);
    }
    const driver = await this.open();
    try {
      const run = sqlRunner(await driver.acquireConnection());
      if (!(await isShared(run))) throw new DatabaseOwnedError(file.name, "nobody known");
    } finally {
      await driver.destroy();
    }
  }

  async connect(): Promise<SqliteFileDriver | undefined> {
    return (await this.file.bytes()) === undefined ? undefined : this.open();
  }

  quote(name: string): string {
    return `"${name.replaceAll('"', '""')}"`;
  }

  deleteSome(table: string, condition: string, limit: number): string {
    const some = `select rowid from ${table} where ${condition} limit ${limit}`;
    return `delete from ${table} where rowid in (${some})`;
  }

  /**
   * Tells, for connections that serve the tenant, how a lock is not waited for: when the caller is inside a transaction on
   * the file, its own or another tenant's.
   */
  serving(database: TenantDatabase): () => Error | undefined {
    this.#served.add(database);
    return () => {
      if (!isInTransactionOf((held) => this.#served.has(held))) return undefined;
      return new ConnectionHeldError(this.file.name, "shared file");
    };
  }

  /** Opens the file for the work of managing. */
  open(): Promise<SqliteFileDriver> {
    return SqliteFileDriver.open({
      open: () => this.#files.open(this.file.path, { mustExist: true }),
      pragmas: ["synchronous = full", "foreign_keys = on"],
      tooLate: (waited) => new PoolExhaustedError(this.file.name, waited),
    });
  }

  #write(draft: string): void {
    const native = this.#files.open(draft, { mustExist: false });
    try {
      native.exec("pragma journal_mode = off; pragma synchronous = off");
      native.exec(`pragma application_id = ${applicationId}`);
      native.exec(rowOwners.createTable);
    } finally {
      native.close();
    }
  }
}

/** Reads a tenant's marker in the shared file; `undefined` when the file is another one, or has none of the name. */
export async function readSharedOwner(
  run: RunSql,
  database: TenantDatabase,
): Promise<DatabaseOwner | undefined> {
  return (await isShared(run)) ? readRowOwner(run, database) : undefined;
}

async function isShared(run: RunSql): Promise<boolean> {
  const [header] = await run<{ readonly application_id: number }>("pragma application_id");
  return header?.application_id === applicationId;
}
