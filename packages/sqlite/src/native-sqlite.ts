/** What is used of a `better-sqlite3` database, which MikroORM brings. */
export interface NativeSqlite {
  /** A transaction is open on the connection. */
  readonly inTransaction: boolean;
  prepare(sql: string): NativeStatement;
  exec(sql: string): void;
  /** Gives the whole database as the bytes of a file. */
  serialize(): Buffer;
  /** Copies it to a file bit by bit; `progress` says how many pages come next. */
  backup(file: string, options: { readonly progress: () => number }): Promise<unknown>;
  close(): void;
}

/** What is used of a prepared statement. */
export interface NativeStatement {
  /** It gives rows. */
  readonly reader: boolean;
  /** It changes nothing in the database. */
  readonly readonly: boolean;
  all(parameters: readonly unknown[]): unknown[];
  run(parameters: readonly unknown[]): {
    readonly changes: number;
    readonly lastInsertRowid: number | bigint;
  };
  iterate(parameters: readonly unknown[]): IterableIterator<unknown>;
}
