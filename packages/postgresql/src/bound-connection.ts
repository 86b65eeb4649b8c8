import {
  type DialectConnection,
  type Statement,
  type StatementResult,
  UnscopedSqlError,
} from "@af-tenancy/database";
import type { PostgresqlConnection } from "./postgresql-connection.ts";

/** Throws when a statement may not be sent. */
export type CheckStatement = (sql: string) => void;

/**
 * A shared connection in one tenant's hands. The tenant's settings are `set local` and travel in the same message as
 * each statement and each `begin`, so that nothing a previous user left is trusted and nothing stays behind.
 */
export class BoundConnection implements DialectConnection {
  readonly #connection: PostgresqlConnection;
  readonly #settings: string;
  readonly #check: CheckStatement | undefined;
  #wrapped: Promise<unknown> | undefined;

  /** `settings` is SQL that holds until the end of a transaction. */
  constructor(connection: PostgresqlConnection, settings: string, check?: CheckStatement) {
    this.#connection = connection;
    this.#settings = settings;
    this.#check = check;
  }

  /** Runs a command of the driver's own; one that begins a transaction takes the settings along. */
  begin(sql: string): Promise<unknown> {
    return this.#connection.run(`${sql};${this.#settings}`);
  }

  /** Waits for nothing but the answer, unless a statement with parameters is under way. */
  executeQuery<Row>(statement: Statement): Promise<StatementResult<Row>> {
    try {
      this.#check?.(statement.sql);
      if (this.#wrapped === undefined) return this.#execute(statement);
    } catch (error) {
      return Promise.reject(error);
    }
    return this.#executeLater(statement);
  }

  async #executeLater<Row>(statement: Statement): Promise<StatementResult<Row>> {
    while (this.#wrapped !== undefined) await this.#wrapped;
    return this.#execute(statement);
  }

  #execute<Row>({ sql, parameters }: Statement): Promise<StatementResult<Row>> {
    const connection = this.#connection;
    this.#examine(sql);
    if (connection.inTransaction) return connection.run(sql, parameters);
    if (parameters.length === 0) return connection.run(`${this.#settings};${sql}`);
    return this.#wrap(() => connection.run<Row>(sql, parameters));
  }

  /** Where the server reads texts in another way, what was found by looking at them says nothing. */
  #examine(sql: string): void {
    if (this.#check !== undefined && !this.#connection.readsPlainly) {
      throw new UnscopedSqlError("SQL in a session that reads texts in another way");
    }
    this.#connection.examine(sql);
  }

  async #wrap<R>(work: () => Promise<R>): Promise<R> {
    const result = this.#inTransaction(work);
    const settled = result.catch(() => {});
    this.#wrapped = settled;
    try {
      return await result;
    } finally {
      if (this.#wrapped === settled) this.#wrapped = undefined;
    }
  }

  async *streamQuery<Row>(query: Statement, chunk: number): AsyncGenerator<StatementResult<Row>> {
    const connection = this.#connection;
    this.#check?.(query.sql);
    this.#examine(query.sql);
    if (connection.inTransaction) return yield* connection.stream<Row>(query, chunk);
    await this.begin("begin");
    try {
      yield* connection.stream<Row>(query, chunk);
    } finally {
      await connection.run("commit");
    }
  }

  /** A message with parameters holds one statement only, so the settings go before it, and all into a transaction. */
  async #inTransaction<R>(work: () => Promise<R>): Promise<R> {
    const connection = this.#connection;
    await this.begin("begin");
    try {
      const result = await work();
      await connection.run("commit");
      return result;
    } catch (error) {
      if (connection.inTransaction) await connection.run("rollback");
      throw error;
    }
  }
}
