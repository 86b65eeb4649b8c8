import type { NativeSqlite, NativeStatement } from "./native-sqlite.ts";

/**
 * Keeps what one connection ran last, ready to be run again: SQLite takes longer to understand a small query than to answer
 * it. A statement whose tables were changed meanwhile is prepared anew by SQLite itself.
 */
export class PreparedStatements {
  readonly #native: NativeSqlite;
  readonly #kept = new Map<string, NativeStatement>();

  constructor(native: NativeSqlite) {
    this.#native = native;
  }

  /** Gives the statement for SQL; throws what SQLite throws. */
  get(sql: string): NativeStatement {
    const kept = this.#kept.get(sql);
    if (kept === undefined) return this.#prepare(sql);
    this.#kept.delete(sql);
    this.#kept.set(sql, kept);
    return kept;
  }

  #prepare(sql: string): NativeStatement {
    const prepared = this.#native.prepare(sql);
    if (sql.length > longest || !isRunAtEachRun.test(sql)) return prepared;
    this.#kept.set(sql, prepared);
    const [oldest] = this.#kept.keys();
    if (this.#kept.size > most && oldest !== undefined) this.#kept.delete(oldest);
    return prepared;
  }
}

/** So many are kept, of about twelve kilobytes each: a tenant's file may stay open for long. */
const most = 16;

/** Characters of the longest SQL that is kept; what is longer has rows of data in it and hardly comes again. */
const longest = 2_000;

/**
 * A pragma may do its work when it is prepared, and not when it is run: https://sqlite.org/pragma.html. The one that reads
 * the number of the application, with each owner's marker, reads it when it is run.
 */
const isRunAtEachRun = /^(?:\s*(?:select|insert|update|delete|with)\b|pragma application_id$)/i;
