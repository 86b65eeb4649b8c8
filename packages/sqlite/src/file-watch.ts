import { type Stats, statSync } from "node:fs";
import { DatabaseMismatchError, DatabaseUnavailableError } from "@af-tenancy/database";
import { codeOf } from "./code-of.ts";

/**
 * Finds out that a file which is open was deleted, replaced, written over or damaged, or that its disk fails: SQLite itself
 * would go on reading what nobody else can see, or another tenant's rows.
 */
export class FileWatch {
  readonly #path: string;
  /** What errors call the file. */
  readonly name: string;
  readonly #opened: Stamp | undefined;
  readonly #confirm: Confirm | undefined;
  /** When it was written last, of what was confirmed. */
  #confirmed: number | undefined;
  #onLost: (() => void) | undefined;

  /** Made as soon as the file is open; `confirm` throws when what was written into it is not its tenant's. */
  constructor(path: string, name: string, confirm?: Confirm) {
    this.#path = path;
    this.name = name;
    this.#confirm = confirm;
    this.#opened = stampOf(path);
    this.#confirmed = this.#opened?.ctimeMs;
  }

  /** Calls back when the open file is of no more use. */
  onLost(listener: () => void): void {
    this.#onLost = listener;
  }

  /**
   * Throws `DatabaseUnavailableError` when another file, or none, stands there, and what `confirm` throws when the file was
   * written by anybody since it was last confirmed: copying over it leaves the file the same, but for its contents.
   */
  look(): void {
    this.#confirmed = this.#look(this.#confirmed, "here");
  }

  /** Gives what looks in the same way at each row of a stream, while the connection can be asked nothing else. */
  forStream(): () => void {
    let confirmed = this.#confirmed;
    return () => {
      confirmed = this.#look(confirmed, "aside");
    };
  }

  /** The typed error where the file cannot be worked with, or is another tenant's; any other error as it is. */
  typed(error: unknown): unknown {
    if (!isOfFile(error)) return error;
    try {
      this.#look(this.#confirmed, "aside");
    } catch (found) {
      if (found instanceof DatabaseMismatchError) return found;
    }
    return this.#lost(error);
  }

  /** Has the connection used by nobody after its present user. */
  giveUp(): void {
    this.#onLost?.();
  }

  #look(confirmed: number | undefined, where: Where): number | undefined {
    const stamp = stampOf(this.#path);
    if (stamp?.ino !== this.#opened?.ino) throw this.#lost(new Error("It was moved or deleted."));
    if (stamp?.ctimeMs === confirmed) return confirmed;
    try {
      this.#confirm?.(where);
    } catch (error) {
      if (error instanceof DatabaseMismatchError) this.giveUp();
      throw error;
    }
    return stamp?.ctimeMs;
  }

  #lost(cause: unknown): DatabaseUnavailableError {
    this.giveUp();
    return new DatabaseUnavailableError(this.name, { cause });
  }
}

/** Throws when the file is not its tenant's; looks through the open connection, or through another one beside it. */
export type Confirm = (where: Where) => void;

/** Through which connection a file is looked at. */
type Where = "here" | "aside";

/** What `better-sqlite3` throws once somebody has closed the file, as `checkoutDeadline` does. */
const closed = "The database connection is not open";

/** What identifies a file on its disk, and when it was last changed there. */
type Stamp = Pick<Stats, "ino" | "ctimeMs">;

/** `undefined` when there is no file. */
function stampOf(path: string): Stamp | undefined {
  return statSync(path, { throwIfNoEntry: false });
}

function isOfFile(error: unknown): boolean {
  if (error instanceof TypeError && error.message === closed) return true;
  return /^SQLITE_(?:CANTOPEN|CORRUPT|FULL|IOERR|NOTADB|READONLY)/.test(codeOf(error) ?? "");
}
