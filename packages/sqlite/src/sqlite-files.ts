import type { DialectGrammar } from "@af-tenancy/database";
import { Configuration, SqliteConnection, SqliteDriver } from "@mikro-orm/sqlite";
import type { NativeSqlite } from "./native-sqlite.ts";

/** Opens SQLite files through MikroORM's own copy of the SQLite library. */
export interface SqliteFiles {
  /** How SQLite's queries are written. */
  readonly grammar: DialectGrammar;
  /** Opens a file; `mustExist` refuses to make one. Throws what SQLite throws. */
  open(file: string, options: { readonly mustExist: boolean }): NativeSqlite;
  /** Opens an empty database that lives in memory. */
  openInMemory(): NativeSqlite;
}

/** Milliseconds for which SQLite itself waits, and blocks the process; longer waits are made between statements. */
const busyTimeout = 5;

/** Makes what opens files. */
export function sqliteFiles(): SqliteFiles {
  const configuration = new Configuration({ driver: SqliteDriver, dbName: memory }, false);

  function connect(file: string, mustExist: boolean) {
    const connection = new SqliteConnection(configuration, { dbName: file }, "write");
    const options = { dbName: file, fileMustExist: mustExist, timeout: busyTimeout };
    const dialect = connection.createKyselyDialect(options);
    // `sqlite/SqliteConnection.js`: where createKyselyDialect() keeps what it opened.
    const { database } = connection as unknown as { readonly database: NativeSqlite };
    return { dialect, database };
  }

  const { dialect, database } = connect(memory, false);
  database.close();
  return {
    grammar: dialect,
    open: (file, { mustExist }) => connect(file, mustExist).database,
    openInMemory: () => connect(memory, false).database,
  };
}

/** The name under which SQLite keeps a database in memory. */
export const memory = ":memory:";
