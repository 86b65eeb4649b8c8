import { InvalidInputError } from "@af-tenancy/core";
import {
  checkWellFormed,
  DatabaseUnavailableError,
  type DialectConnection,
  QueryTimeoutError,
  SessionFeatureError,
  type Statement,
  type StatementResult,
  TransactionTakenBackError,
} from "@af-tenancy/database";
import type { Client } from "pg";
import Cursor from "pg-cursor";
import { resultOf } from "./result-of.ts";
import { isFatal } from "./server-errors.ts";
import { sessionEffect } from "./session-effect.ts";
import { TextReading } from "./text-reading.ts";

/** How a connection treats its statements. */
export interface PostgresqlConnectionOptions {
  /** What it is open to, for messages. */
  readonly name: string;
  /** Milliseconds after which a statement is given up together with the connection; no limit when absent. */
  readonly queryTimeout: number | undefined;
  /** Milliseconds that the end of a stream may take where no `queryTimeout` says less or more. */
  readonly connectTimeout: number;
  /** Something between here and the server hands out sessions by transaction. */
  readonly pooler: boolean;
}

/** One session of a server: knows whether it is still there, and what its users leave behind in it. */
export class PostgresqlConnection implements DialectConnection {
  readonly #client: Client;
  readonly #options: PostgresqlConnectionOptions;
  readonly #reading: TextReading;
  readonly #onLost = new Set<() => void>();
  #lost: unknown;
  #pending = 0;
  #altered = false;
  /** The first error since the last good answer; it arrives before the server says how the transaction stands. */
  #failed: unknown;

  /** Has to be made before the client connects, so that no loss of the connection goes unheard. */
  constructor(client: Client, options: PostgresqlConnectionOptions) {
    this.#client = client;
    this.#options = options;
    this.#reading = new TextReading(client);
    client.on("error", (error) => this.#lose(error));
    client.on("end", () => this.#lose("the connection was ended"));
  }

  /** The server's own word from its last answer: a transaction is open, or failed and not yet taken back. */
  get inTransaction(): boolean {
    return this.#client.getTransactionStatus() !== "I";
  }

  /** The session's number as it was told when connecting; a pooler tells one of its own. */
  get processId(): number | undefined {
    return (this.#client as unknown as { readonly processID?: number }).processID;
  }

  /** The server reads texts as they are written here, so that looking at SQL tells what it does. */
  get readsPlainly(): boolean {
    return this.#reading.isPlain;
  }

  /** Calls back once when the connection breaks or is ended. */
  onLost(listener: () => void): void {
    this.#onLost.add(listener);
  }

  executeQuery<Row>({ sql, parameters }: Statement): Promise<StatementResult<Row>> {
    try {
      this.examine(sql);
      return this.run(sql, parameters);
    } catch (error) {
      return Promise.reject(error);
    }
  }

  async *streamQuery<Row>(query: Statement, chunk: number): AsyncGenerator<StatementResult<Row>> {
    this.examine(query.sql);
    yield* this.stream<Row>(query, chunk);
  }

  /** Takes note of what a user's statement does to the session, and throws when it may not or cannot be sent. */
  examine(sql: string): void {
    if (sql.includes("\0")) {
      throw new InvalidInputError("text", "a text with U+0000", "leave out the character U+0000");
    }
    checkWellFormed(sql);
    if (this.#altered && !this.#options.pooler) return; // nothing more to learn: it will be made clean
    const effect = this.readsPlainly ? sessionEffect(sql) : readOtherwise;
    if (effect === undefined) return;
    if (this.#options.pooler && effect.certain) throw new SessionFeatureError(effect.what);
    this.#altered = true;
  }

  /** Sends SQL and gives the result of its last statement. */
  run<Row>(sql: string, parameters: readonly unknown[] = none): Promise<StatementResult<Row>> {
    return this.#watched(
      () => this.#client.query(sql, parameters as unknown[]),
      (answer) => resultOf<Row>(answer),
    );
  }

  /** Throws `TransactionTakenBackError` where a statement of the transaction has failed: the server takes it back then. */
  async commit(): Promise<void> {
    const cause = this.#failed;
    const said = await this.#watched(
      () => this.#client.query("commit"),
      ({ command }) => command,
    );
    if (said === "ROLLBACK") throw new TransactionTakenBackError(this.#options.name, { cause });
  }

  async *stream<Row>(
    { sql, parameters }: Statement,
    chunk: number,
  ): AsyncGenerator<StatementResult<Row>> {
    const open = async () => this.#client.query(new Cursor<Row>(sql, [...parameters]));
    const cursor = await this.#watched(open, same);
    try {
      for (;;) {
        const rows = await this.#watched(() => this.#unlessLost(cursor.read(chunk)), same);
        if (rows.length === 0) return;
        yield { rows };
      }
    } finally {
      await this.#closing(cursor);
    }
  }

  /** The session is as it was when it was opened. */
  get isClean(): boolean {
    if (this.#pending > 0 || this.#altered || !this.readsPlainly) return false;
    return !this.inTransaction && this.#failed === undefined && this.#lost === undefined;
  }

  /** Makes the session as it was when it was opened; rejects when that cannot be, and then it has to be closed. */
  async clean(): Promise<void> {
    if (this.#pending > 0) throw this.#unavailable("a statement is still under way");
    if (this.inTransaction || this.#failed !== undefined) await this.run("rollback");
    const isAltered = this.#altered || !this.readsPlainly;
    if (isAltered && !this.#options.pooler) await this.run("discard all");
    if (this.inTransaction || this.#lost !== undefined) throw this.#unavailable(this.#lost);
    if (!this.readsPlainly) throw this.#unavailable("the session reads texts in another way");
    this.#altered = false;
  }

  /** Says goodbye to the server, or hangs up when it does not answer. */
  async close(): Promise<void> {
    if (this.#lost !== undefined) return this.#hangUp();
    const impatience = setTimeout(() => this.#hangUp(), farewell);
    try {
      await this.#client.end();
    } finally {
      clearTimeout(impatience);
    }
  }

  async #watched<A, R>(work: () => Promise<A>, take: (answer: A) => R): Promise<R> {
    if (this.#lost !== undefined) throw this.#lostError();
    const { queryTimeout } = this.#options;
    const timer = queryTimeout === undefined ? undefined : setTimeout(this.#giveUp, queryTimeout);
    this.#pending += 1;
    try {
      const answer = await work();
      this.#failed = undefined;
      return take(answer);
    } catch (error) {
      this.#failed ??= error;
      if (isFatal(error)) this.#lose(error);
      throw this.#lost === undefined ? error : this.#lostError();
    } finally {
      this.#pending -= 1;
      clearTimeout(timer);
    }
  }

  readonly #giveUp = () => {
    const { name, queryTimeout } = this.#options;
    this.#lose(
      queryTimeout === undefined
        ? "the server did not answer in time"
        : new QueryTimeoutError(name, queryTimeout),
    );
    this.#hangUp();
  };

  /** A cursor that has all its rows and waits for the server's last word is told of no loss, and would wait for ever. */
  #unlessLost<R>(work: Promise<R>): Promise<R> {
    const { promise, resolve, reject } = Promise.withResolvers<R>();
    const lost = () => reject(this.#lost);
    this.#onLost.add(lost);
    work.then(resolve, reject);
    return promise.finally(() => this.#onLost.delete(lost));
  }

  /** A cursor on a lost connection would wait for an answer for ever. */
  async #closing(cursor: Cursor): Promise<void> {
    if (this.#lost !== undefined) return;
    const { connectTimeout, queryTimeout = connectTimeout } = this.#options;
    const timer = setTimeout(this.#giveUp, queryTimeout);
    await new Promise<void>((resolve) => {
      const end = () => {
        this.#client.off("end", end);
        resolve();
      };
      this.#client.once("end", end);
      cursor.close().then(end, end);
    });
    clearTimeout(timer);
    if (this.#lost !== undefined) throw this.#lostError();
  }

  #lose(cause: unknown): void {
    if (this.#lost !== undefined) return;
    this.#lost = cause;
    for (const listener of this.#onLost) listener();
  }

  #lostError(): unknown {
    return this.#lost instanceof QueryTimeoutError ? this.#lost : this.#unavailable(this.#lost);
  }

  #unavailable(cause: unknown): DatabaseUnavailableError {
    return new DatabaseUnavailableError(this.#options.name, { cause, transient: true });
  }

  #hangUp(): void {
    this.#client.connection.stream.destroy();
  }
}

/** Whatever such SQL seems to be. */
const readOtherwise = { what: "SQL in a session that reads texts in another way", certain: true };

const none: readonly never[] = Object.freeze([]);

const same = <A>(answer: A): A => answer;

/** Milliseconds that the server gets to say goodbye. */
const farewell = 1_000;
