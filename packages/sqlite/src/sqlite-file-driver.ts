import type { DialectConnection, DialectDriver, ServerConnection } from "@af-tenancy/database";
import { whileBusy } from "./busy.ts";
import type { FileWatch } from "./file-watch.ts";
import type { HandOver } from "./hand-over.ts";
import type { NativeSqlite } from "./native-sqlite.ts";
import { SqliteFileConnection } from "./sqlite-file-connection.ts";
import type { SqliteFileConnectionOptions } from "./sqlite-file-connection-options.ts";

/** How a driver opens its file. */
export interface SqliteFileDriverOptions extends SqliteFileConnectionOptions {
  open(): NativeSqlite;
  /** Run on the open file before anything else. */
  readonly pragmas: readonly string[];
  /** Called once the file is open, to look after it. */
  watch?(native: NativeSqlite): FileWatch;
  /** Lets other processes begin transactions in between; absent where they hardly meet. */
  readonly handOver?: HandOver;
}

type Settings = Parameters<DialectDriver["beginTransaction"]>[1];

/** One connection to one SQLite file. A transaction takes the write lock when it begins, so that it never fails midway. */
export class SqliteFileDriver implements ServerConnection {
  readonly #native: NativeSqlite;
  readonly #connection: SqliteFileConnection;
  readonly #watch: FileWatch | undefined;
  readonly #handOver: HandOver | undefined;

  private constructor(
    native: NativeSqlite,
    connection: SqliteFileConnection,
    watch: FileWatch | undefined,
    handOver?: HandOver,
  ) {
    this.#handOver = handOver;
    this.#native = native;
    this.#connection = connection;
    this.#watch = watch;
  }

  /** Opens the file; throws what SQLite throws. */
  static async open(options: SqliteFileDriverOptions): Promise<SqliteFileDriver> {
    const native = options.open();
    try {
      for (const pragma of options.pragmas) {
        await whileBusy(() => native.exec(`pragma ${pragma}`), options.tooLate);
      }
      const watch = options.watch?.(native);
      const connection = new SqliteFileConnection(native, options, watch);
      return new SqliteFileDriver(native, connection, watch, options.handOver);
    } catch (error) {
      native.close();
      throw error;
    }
  }

  /** The same connection, on which nothing can be written. */
  readOnly(refuse: () => Error): SqliteFileDriver {
    return new SqliteFileDriver(this.#native, this.#connection.readOnly(refuse), this.#watch);
  }

  /** Calls back when the file is found to be gone, replaced or damaged. */
  onLost(listener: () => void): void {
    this.#watch?.onLost(listener);
  }

  async init(): Promise<void> {}

  async acquireConnection(): Promise<DialectConnection> {
    return this.#connection;
  }

  get isClean(): boolean {
    const { inTransaction, transaction } = this.#connection;
    return !inTransaction && !transaction.isTakenBack;
  }

  /** A transaction that its user left open is taken back before the next user comes. */
  releaseConnection(): Promise<void> {
    return this.rollbackTransaction();
  }

  async beginTransaction(_: DialectConnection, { accessMode }: Settings): Promise<void> {
    const writes = this.#connection.writes && accessMode !== "read only";
    const begin = () => this.#connection.begin(writes ? "write" : "read");
    if (this.#handOver === undefined || !writes) await begin();
    else await this.#handOver.begin(begin);
  }

  async commitTransaction(): Promise<void> {
    await this.#connection.commit();
    this.#handOver?.ended();
  }

  /** Also of one that SQLite has taken back by itself. */
  async rollbackTransaction(): Promise<void> {
    this.#connection.transaction.set(false);
    if (!this.#connection.inTransaction) return;
    await this.#connection.command("rollback");
    this.#handOver?.ended();
  }

  async savepoint(_: DialectConnection, name: string): Promise<void> {
    await this.#connection.command(`savepoint ${quoted(name)}`);
  }

  /** With the transaction its savepoints are gone, and what they would take back. */
  async rollbackToSavepoint(_: DialectConnection, name: string): Promise<void> {
    if (this.#connection.transaction.isTakenBack) return;
    await this.#connection.command(`rollback to ${quoted(name)}`);
  }

  async releaseSavepoint(_: DialectConnection, name: string): Promise<void> {
    await this.#connection.command(`release ${quoted(name)}`);
  }

  async destroy(): Promise<void> {
    this.#connection.endStreams();
    this.#native.close();
  }
}

function quoted(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}
