import { statSync } from "node:fs";
import { DatabaseUnavailableError } from "@af-tenancy/database";
import { codeOf } from "./code-of.ts";

/** Milliseconds between two looks: a look costs a call to the system, and a file hardly ever moves. */
const between = 500;

/**
 * Finds out that a file which is open was deleted, replaced or damaged, or that its disk fails: SQLite itself would go
 * on reading what nobody else can see.
 */
export class FileWatch {
  readonly #path: string;
  readonly #name: string;
  readonly #now: () => number;
  readonly #opened: bigint | undefined;
  #looked: number;
  #onLost: (() => void) | undefined;

  /** Made as soon as the file is open. */
  constructor(path: string, name: string, now: () => number = () => performance.now()) {
    this.#path = path;
    this.#name = name;
    this.#now = now;
    this.#opened = inodeOf(path);
    this.#looked = now();
  }

  /** Calls back when the open file is of no more use. */
  onLost(listener: () => void): void {
    this.#onLost = listener;
  }

  /** Throws `DatabaseUnavailableError` when another file, or none, stands there; looks only once in a while. */
  look(): void {
    const now = this.#now();
    if (now - this.#looked < between) return;
    if (inodeOf(this.#path) !== this.#opened) throw this.#lost("it was moved or deleted");
    this.#looked = now;
  }

  /** The typed error where the file cannot be worked with; any other error as it is. */
  typed(error: unknown): unknown {
    return isOfFile(error) ? this.#lost(error) : error;
  }

  /** Has the connection used by nobody after its present user. */
  giveUp(): void {
    this.#onLost?.();
  }

  #lost(cause: unknown): DatabaseUnavailableError {
    this.giveUp();
    return new DatabaseUnavailableError(this.#name, { cause });
  }
}

/** What `better-sqlite3` throws once somebody has closed the file, as `checkoutDeadline` does. */
const closed = "The database connection is not open";

/** What identifies a file on its disk; `undefined` when there is none. */
function inodeOf(path: string): bigint | undefined {
  return statSync(path, { bigint: true, throwIfNoEntry: false })?.ino;
}

function isOfFile(error: unknown): boolean {
  if (error instanceof TypeError && error.message === closed) return true;
  return /^SQLITE_(?:CANTOPEN|CORRUPT|FULL|IOERR|NOTADB|READONLY)/.test(codeOf(error) ?? "");
}
