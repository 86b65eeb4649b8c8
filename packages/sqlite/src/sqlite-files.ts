import type { DialectGrammar } from "@af-tenancy/database";
import { Configuration, SqliteConnection, SqliteDriver } from "@mikro-orm/sqlite";
import type { NativeSqlite } from "./native-sqlite.ts";

/** Opens SQLite files through MikroORM's own copy of the SQLite library. */
export interface SqliteFiles {
  /** How SQLite's queries are written. */
  readonly grammar: DialectGrammar;
  /** Opens a file; `mustExist` refuses to make one. Throws what SQLite throws. */
  open(file: string, options: { readonly mustExist: boolean }): NativeSqlite;
  /** Opens a database that lives in memory, empty or with the contents of a file. */
  openInMemory(contents?: Buffer): NativeSqlite;
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
  // `better-sqlite3/lib/database.js`: a buffer in the place of a path is a database to begin with.
  const Native = database.constructor as new (contents: string | Buffer) => NativeSqlite;
  return {
    grammar: dialect,
    open: (file, { mustExist }) => connect(file, mustExist).database,
    openInMemory: (contents) => new Native(contents ?? memory),
  };
}

/** The name under which SQLite keeps a database in memory. */
export const memory = ":memory:";
