import { setImmediate } from "node:timers/promises";
import {
  type DialectConnection,
  type Statement,
  type StatementResult,
  StreamEndedError,
} from "@af-tenancy/database";
import { isBusy, whileBusy } from "./busy.ts";
import { changesSettings } from "./check-statement.ts";
import type { FileWatch } from "./file-watch.ts";
import type { NativeSqlite, NativeStatement } from "./native-sqlite.ts";
import { OpenTransaction } from "./open-transaction.ts";
import { PreparedStatements } from "./prepared-statements.ts";
import type { SqliteFileConnectionOptions } from "./sqlite-file-connection-options.ts";

/** Runs statements on one SQLite file; one that finds the file locked is run again, unless a transaction is open. */
export class SqliteFileConnection implements DialectConnection {
  readonly #native: NativeSqlite;
  readonly #options: SqliteFileConnectionOptions;
  readonly #watch: FileWatch | undefined;
  readonly #streams: Set<Iterator<unknown>>;
  readonly #prepared: PreparedStatements;
  readonly transaction: OpenTransaction;
  /** Only a statement that gives no rows can have begun a transaction; asking SQLite costs more than the memory. */
  #mayBeInTransaction = false;
  /** Since the last transaction began. */
  #hasWritten = false;
  #statements = 0;

  constructor(
    native: NativeSqlite,
    options: SqliteFileConnectionOptions,
    watch: FileWatch | undefined,
    streams = new Set<Iterator<unknown>>(),
    prepared = new PreparedStatements(native),
  ) {
    this.#streams = streams;
    this.#prepared = prepared;
    this.#native = native;
    this.#options = options;
    this.#watch = watch;
    this.transaction = new OpenTransaction(native, watch?.name ?? "memory");
  }

  /** The same connection, on which a statement that would write throws what `refuse` makes and is not run. */
  readOnly(refuse: () => Error): SqliteFileConnection {
    return new SqliteFileConnection(
      this.#native,
      { ...this.#options, refuseWrite: refuse },
      this.#watch,
      this.#streams,
      this.#prepared,
    );
  }

  get writes(): boolean {
    return this.#options.refuseWrite === undefined;
  }

  get inTransaction(): boolean {
    this.#mayBeInTransaction &&= this.#native.inTransaction;
    return this.#mayBeInTransaction;
  }

  async executeQuery<Row>({ sql, parameters }: Statement): Promise<StatementResult<Row>> {
    this.#examine(sql);
    try {
      const result = this.#run<Row>(sql, parameters);
      if (++this.#statements % together === 0) await setImmediate();
      return result;
    } catch (error) {
      if (!isBusy(error) || this.inTransaction) throw this.#typed(error);
    }
    return this.#whileBusy(() => this.#run<Row>(sql, parameters));
  }

  /** Runs statements without parameters in the open transaction, and gives nothing of what they read. */
  async runAll(statements: readonly string[]): Promise<void> {
    this.#beforeWriting();
    try {
      for (const sql of statements) {
        this.#examine(sql);
        this.#native.exec(sql);
      }
    } catch (error) {
      throw this.#typed(error);
    }
  }

  async *streamQuery<Row>({ sql, parameters }: Statement): AsyncGenerator<StatementResult<Row>> {
    this.#examine(sql);
    const { stream, first } = await this.#startStream(sql, parameters);
    try {
      const look = this.#watch?.forStream();
      for (let next = first; !next.done; next = stream.next()) {
        look?.();
        yield { rows: [next.value as Row] };
      }
      if (!this.#streams.has(stream)) throw new StreamEndedError();
    } catch (error) {
      throw this.#typed(error);
    } finally {
      stream.return?.();
      this.#streams.delete(stream);
    }
  }

  /** Reads as far as the first row, for which the file's lock is taken. */
  async #startStream(sql: string, parameters: readonly unknown[]) {
    const start = () => {
      this.#watch?.look();
      const stream = this.#allowed(this.#native.prepare(sql)).iterate(parameters);
      const first = stream.next();
      this.#streams.add(stream);
      return { stream, first };
    };
    try {
      return this.inTransaction ? start() : await this.#whileBusy(start);
    } catch (error) {
      throw this.#typed(error);
    }
  }

  /** Ends what is still streamed: meanwhile SQLite neither runs another statement nor closes the file. */
  endStreams(): void {
    for (const stream of this.#streams) stream.return?.();
    this.#streams.clear();
  }

  /** Begins a transaction that takes the write lock, or one that only reads. */
  async begin(mode: "write" | "read"): Promise<void> {
    this.#hasWritten = false;
    this.transaction.set(false);
    if (mode === "write") await this.command("begin immediate");
    else await this.#command(() => this.#beginReading());
    this.transaction.set(true);
  }

  /** SQLite takes the lock for reading at the first read, and would not wait for it inside the transaction. */
  #beginReading(): void {
    this.#native.exec("begin");
    try {
      this.#native.exec("select 1 from sqlite_schema limit 1");
    } catch (error) {
      this.#native.exec("rollback");
      throw error;
    }
  }

  /**
   * Commits what the open transaction wrote; throws `DatabaseUnavailableError` or `DatabaseMismatchError` when it is not in
   * the file that stands there: one that was moved, deleted or copied over takes every commit, and nobody finds it again.
   */
  async commit(): Promise<void> {
    this.transaction.assertKept();
    await this.#command(() => {
      if (this.#hasWritten) this.#watch?.look();
      this.#native.exec("commit");
    });
    this.transaction.set(false);
    if (this.#hasWritten) this.#lookAtWritten();
  }

  /** Runs a command that begins a transaction, or is about part of one. */
  async command(sql: string): Promise<void> {
    this.transaction.assertKept();
    await this.#command(() => this.#native.exec(sql));
  }

  async #command(run: () => void): Promise<void> {
    this.#mayBeInTransaction = true;
    try {
      await this.#whileBusy(run);
    } catch (error) {
      throw this.#typed(error);
    }
  }

  /** Whoever holds the lock by now works with the file that stands there, and the next statement looks at its contents. */
  #lookAtWritten(): void {
    try {
      this.#watch?.look();
    } catch (error) {
      if (!isBusy(error)) throw this.#typed(error);
    }
  }

  #whileBusy<R>(work: () => R): Promise<R> {
    return whileBusy(work, this.#options.tooLate, this.#options.refuseWait);
  }

  /** Throws when the statement may not be run here. */
  #examine(sql: string): void {
    this.transaction.assertKept();
    this.#options.check?.(sql);
    if (changesSettings(sql)) this.#watch?.giveUp();
  }

  #typed(error: unknown): unknown {
    this.transaction.note(error);
    return this.#watch === undefined ? error : this.#watch.typed(error);
  }

  #run<Row>(sql: string, parameters: readonly unknown[]): StatementResult<Row> {
    const prepared = this.#allowed(this.#prepared.get(sql));
    if (prepared.readonly) return this.#execute(prepared, parameters);
    // What a transaction writes is looked after when it is committed.
    const isUsed = prepared.reader && !this.#options.isUsedLater;
    if (isUsed || !this.inTransaction) this.#watch?.look();
    const result = this.#execute<Row>(prepared, parameters);
    if (!this.inTransaction) this.#lookAtWritten();
    return result;
  }

  #execute<Row>(prepared: NativeStatement, parameters: readonly unknown[]): StatementResult<Row> {
    if (prepared.reader) {
      const rows = prepared.all(parameters) as Row[];
      // A look costs as much as a small query: one before what writes, and one before anybody sees what was read.
      if (prepared.readonly) this.#watch?.look();
      return { rows };
    }
    this.#mayBeInTransaction = true;
    const { changes, lastInsertRowid } = prepared.run(parameters);
    return {
      rows: [],
      insertId: BigInt(lastInsertRowid),
      numAffectedRows: BigInt(changes),
    };
  }

  /** Throws where it would write and may not. */
  #allowed(prepared: NativeStatement): NativeStatement {
    if (!prepared.readonly) this.#beforeWriting();
    return prepared;
  }

  #beforeWriting(): void {
    if (this.#options.refuseWrite !== undefined) throw this.#options.refuseWrite();
    this.#hasWritten = true;
  }
}

/**
 * So many statements are answered before the event loop has a turn: SQLite answers at once, and a loop of them would let
 * no timer and no other request come in between. The answer waits and never the statement, which runs where it was sent:
 * before what was sent after it, and before its connection is anybody else's.
 */
const together = 100;
