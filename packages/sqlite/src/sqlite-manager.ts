import { randomUUID } from "node:crypto";
import { linkSync, unlinkSync } from "node:fs";
import {
  type DatabaseCapabilities,
  DatabaseNotReadyError,
  DatabaseOwnedError,
  type DatabaseOwner,
  type DatabaseState,
  isTenancyError,
  type Placement,
  type TenantDatabase,
  type TenantDatabaseManager,
} from "@af-tenancy/core";
import {
  DatabaseUnavailableError,
  PoolExhaustedError,
  type SchemaTemplate,
  sqlRunner,
} from "@af-tenancy/database";
import { adoptFile } from "./adopt-file.ts";
import { codeOf } from "./code-of.ts";
import { copyFile } from "./copy-file.ts";
import { makeFolder } from "./make-folder.ts";
import { OwnedFiles } from "./owned-files.ts";
import { isUnmarked, readOwnedFile } from "./owner-file.ts";
import { checkPlacement, driverName } from "./placement-names.ts";
import { SqliteFileDriver } from "./sqlite-file-driver.ts";
import type { SqliteFiles } from "./sqlite-files.ts";
import { syncToDisk, writeToDisk } from "./sync-to-disk.ts";
import { removeIfThere, TenantFile } from "./tenant-file.ts";

/**
 * Makes, drops and looks at tenant files in one folder. A file gets its name only once its marker is on the disk, and
 * never takes a name that stands already, so that a crash leaves either nothing or a finished file.
 */
export class SqliteManager implements TenantDatabaseManager {
  readonly driver = driverName;
  readonly capabilities: DatabaseCapabilities = Object.freeze({
    strategies: Object.freeze(["database"] as const),
    transactionalDdl: true,
    users: false,
    templates: true,
    rename: false,
  });
  readonly #files: SqliteFiles;
  readonly folder: string;
  readonly #owned: OwnedFiles;
  /** The paths of files that were made with all their tables, until somebody asks. */
  readonly #finished = new Set<string>();

  constructor(files: SqliteFiles, folder: string) {
    this.#files = files;
    this.#owned = new OwnedFiles(files);
    this.folder = folder;
  }

  /** Says what new files hold besides the marker. */
  copies(template: SchemaTemplate): void {
    this.#owned.copies(template);
  }

  /** The file of a placement; throws `UnknownDriverError` or `InvalidInputError`. */
  fileOf(placement: Placement): TenantFile {
    checkPlacement(placement, "database");
    return new TenantFile(this.folder, placement.name);
  }

  /** Tells, once, that a file was made just now with all that new files hold. */
  isFinished({ placement }: TenantDatabase): boolean {
    return placement.strategy === "database" && this.#finished.delete(this.fileOf(placement).path);
  }

  async create(database: TenantDatabase): Promise<void> {
    const { path } = this.fileOf(database.placement);
    this.#finished.delete(path);
    const isMade = await this.#create(database, async (draft, owner) =>
      writeToDisk(draft, await this.#owned.contents(owner)),
    );
    if (isMade && this.#owned.isComplete) this.#finished.add(path);
  }

  async createFrom(database: TenantDatabase, source: TenantDatabase): Promise<void> {
    const file = this.fileOf(source.placement);
    await this.#create(database, async (draft, owner) => {
      await copyFile(this.#files, file, source, draft, owner);
      await syncToDisk(draft);
    });
  }

  /** Tells whether it was made here, and not found. */
  async #create(database: TenantDatabase, write: WriteDraft): Promise<boolean> {
    const file = this.fileOf(database.placement);
    return typed(file, async () => {
      await makeFolder(file.draftFolder);
      // What was begun before and not finished; who begins meanwhile finds the file there and takes the draft away.
      const drafts = file.drafts();
      const isMade = await this.#claim(file, database, write);
      for (const draft of drafts) await removeIfThere(draft);
      await syncToDisk(file.folder);
      return isMade;
    });
  }

  async drop(database: TenantDatabase): Promise<void> {
    const file = this.fileOf(database.placement);
    this.#finished.delete(file.path);
    await typed(file, async () => {
      await this.#isOwned(file, database);
      await file.remove();
    });
  }

  async adopt(database: TenantDatabase): Promise<void> {
    const file = this.fileOf(database.placement);
    await typed(file, async () => {
      if ((await file.bytes()) === undefined) {
        throw new DatabaseNotReadyError(database.tenantId, `there is no file "${file.name}"`);
      }
      if (!(await file.isRegular())) throw new DatabaseOwnedError(file.name, "whatever is no file");
      await this.#opened(file, (driver) => adoptFile(driver, database));
    });
  }

  async inspect({ placement }: TenantDatabase): Promise<DatabaseState | undefined> {
    const file = this.fileOf(placement);
    return typed(file, async () => {
      const bytes = await file.bytes();
      return bytes === undefined ? undefined : { owner: await this.#ownerOf(file), bytes };
    });
  }

  /** Sees to it that the file is there, and tells whether it made it; whoever loses the race looks again who won. */
  async #claim(file: TenantFile, database: TenantDatabase, write: WriteDraft): Promise<boolean> {
    for (let attempt = 1; attempt <= maxAttempts; attempt++) {
      if (await this.#isOwned(file, database)) return false;
      if (await this.#make(file, database, write)) return true;
    }
    const cause = `it vanished ${maxAttempts} times while it was being made`;
    throw new DatabaseUnavailableError(file.name, { cause });
  }

  /** Makes the file; `false` when another one came first, who removes the drafts of those who come later. */
  async #make(
    file: TenantFile,
    { tenantId, placement }: TenantDatabase,
    write: WriteDraft,
  ): Promise<boolean> {
    const leftover = await file.companion();
    if (leftover !== undefined && (await file.bytes()) === undefined) {
      throw new DatabaseOwnedError(file.name, `nobody known, who left "${leftover}" behind`);
    }
    const draft = file.draft(randomUUID());
    try {
      const { generation } = placement;
      await write(draft, { tenantId, generation });
      linkSync(draft, file.path);
    } catch (error) {
      await removeIfThere(draft);
      if (codeOf(error) === "EEXIST" || codeOf(error) === "ENOENT") return false;
      throw error;
    }
    removeName(draft);
    return true;
  }

  /** Tells whether the file is there and this owner's; throws `DatabaseOwnedError` when it is another's. */
  async #isOwned(file: TenantFile, { tenantId, placement }: TenantDatabase): Promise<boolean> {
    if ((await file.bytes()) === undefined) return false;
    const owner = await this.#ownerOf(file);
    if (owner?.tenantId === tenantId && owner.generation === placement.generation) return true;
    if (owner === undefined && (await file.bytes()) === undefined) return false;
    throw new DatabaseOwnedError(file.name, describe(owner));
  }

  async #ownerOf(file: TenantFile): Promise<DatabaseOwner | undefined> {
    if (!(await file.isRegular())) return undefined;
    try {
      return await this.#opened(file, async (driver) =>
        readOwnedFile(sqlRunner(await driver.acquireConnection())),
      );
    } catch (error) {
      if (isUnmarked(error) || (await file.bytes()) === undefined) return undefined;
      throw error;
    }
  }

  async #opened<R>(file: TenantFile, work: (driver: SqliteFileDriver) => Promise<R>): Promise<R> {
    const driver = await SqliteFileDriver.open({
      open: () => this.#files.open(file.path, { mustExist: true }),
      pragmas: ["synchronous = full"],
      tooLate: (waited) => new PoolExhaustedError(file.name, waited),
    });
    try {
      return await work(driver);
    } finally {
      await driver.destroy();
    }
  }
}

/** Removes one of a file's names, which others may remove as well. */
function removeName(path: string): void {
  try {
    unlinkSync(path);
  } catch (error) {
    if (codeOf(error) !== "ENOENT") throw error;
  }
}

/** Writes a whole file that has no name yet. */
type WriteDraft = (draft: string, owner: DatabaseOwner) => Promise<void>;

/** How often a file may vanish while it is being made. */
const maxAttempts = 20;

/** What a process gets that has too many files open at the moment. */
const outOfFiles: readonly string[] = ["EMFILE", "ENFILE"];

async function typed<R>(file: TenantFile, work: () => Promise<R>): Promise<R> {
  try {
    return await work();
  } catch (error) {
    if (isTenancyError(error)) throw error;
    const transient = outOfFiles.includes(codeOf(error) ?? "");
    throw new DatabaseUnavailableError(file.name, { cause: error, transient });
  }
}

function describe(owner: DatabaseOwner | undefined): string {
  if (owner === undefined) return "nobody known";
  return `tenant "${owner.tenantId}", generation ${owner.generation}`;
}
