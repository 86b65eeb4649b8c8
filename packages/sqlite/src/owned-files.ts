import type { DatabaseOwner } from "@af-tenancy/core";
import { ownerMarker, type SchemaTemplate } from "@af-tenancy/database";
import type { NativeSqlite } from "./native-sqlite.ts";
import { applicationId } from "./owner-file.ts";
import { OwnerStamp } from "./owner-stamp.ts";
import type { SqliteFiles } from "./sqlite-files.ts";

/** The contents of files that are made alike, but for their owners. */
export class OwnedFiles {
  readonly #files: SqliteFiles;
  #template: SchemaTemplate | undefined;
  #blank: NativeSqlite | undefined;
  #isComplete = false;
  #stamp: OwnerStamp | undefined;

  constructor(files: SqliteFiles) {
    this.#files = files;
  }

  /** Says what they hold besides the marker; nothing when it is never said. */
  copies(template: SchemaTemplate): void {
    this.#template = template;
  }

  /** Those that were made hold all that they are said to hold; `false` where that is nothing. */
  get isComplete(): boolean {
    return this.#isComplete;
  }

  /**
   * Gives what gives the bytes of a new file, which are to be written at once: the next owner's take their place, since
   * new memory for each costs more than all the rest.
   */
  async contents(owner: DatabaseOwner): Promise<() => Buffer> {
    this.#blank ??= this.#makeBlank(await this.#template?.statements());
    const blank = this.#blank;
    return () => {
      if (!this.#stamp?.fits(owner)) {
        this.#stamp = new OwnerStamp(owner, (sample) => contentsFor(blank, sample));
      }
      return this.#stamp.contents(owner);
    };
  }

  /** It stays open, because reading its tables anew takes long; what is removed is overwritten. */
  #makeBlank(statements: readonly string[] = []): NativeSqlite {
    const native = this.#files.openInMemory();
    try {
      native.exec(`pragma application_id = ${applicationId}`);
      native.exec("pragma secure_delete = on");
      native.exec(ownerMarker.createTable);
      const isFilled = fill(native, statements);
      if (!isFilled) native.exec("rollback");
      this.#isComplete = isFilled && statements.length > 0;
      return native;
    } catch (error) {
      native.close();
      throw error;
    }
  }
}

function contentsFor(blank: NativeSqlite, { tenantId, generation }: DatabaseOwner): Buffer {
  const { insert, remove } = ownerMarker;
  blank.prepare(insert).run([tenantId, generation]);
  try {
    return blank.serialize();
  } finally {
    blank.prepare(remove).run([]);
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
