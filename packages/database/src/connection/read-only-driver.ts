import type { DialectConnection, DialectDriver, Statement, StatementResult } from "./dialect.ts";
import type { ControlsTransactions } from "./transaction-control.ts";

type Settings = Parameters<DialectDriver["beginTransaction"]>[1];
type CompileQuery = Parameters<NonNullable<DialectDriver["savepoint"]>>[2];

/** Makes the error for a write that was refused. */
export type RefuseWrite = (options?: ErrorOptions) => Error;

/** What a driver knows of statements and errors of its server. */
export interface ReadOnlyRules {
  readonly controlsTransactions: ControlsTransactions;
  /** Tells whether the server refused a write in a read-only transaction, or on a replica. */
  isRefusedWrite(error: unknown): boolean;
}

/**
 * A connection on which nothing can be written, because each of its transactions is a read-only one for the server; a
 * statement outside of any gets its own.
 */
export class ReadOnlyDriver implements DialectDriver {
  readonly #driver: DialectDriver;
  readonly #refuse: RefuseWrite;
  readonly #rules: ReadOnlyRules;

  /** `refuse` makes the error for a write, and for what would end a transaction. */
  constructor(driver: DialectDriver, refuse: RefuseWrite, rules: ReadOnlyRules) {
    this.#driver = driver;
    this.#refuse = refuse;
    this.#rules = rules;
  }

  async init(): Promise<void> {}

  async acquireConnection(): Promise<DialectConnection> {
    const connection = await this.#driver.acquireConnection();
    return new ReadOnlyConnection(this.#driver, connection, this.#refuse, this.#rules);
  }

  /** Whoever leased the connection gives it back; here only a transaction that was left open ends. */
  async releaseConnection(connection: DialectConnection): Promise<void> {
    if (own(connection).inTransaction) await this.rollbackTransaction(connection);
  }

  async beginTransaction(connection: DialectConnection, settings: Settings): Promise<void> {
    await own(connection).begin(settings);
  }

  async commitTransaction(connection: DialectConnection): Promise<void> {
    await own(connection).end(() => this.#driver.commitTransaction(own(connection).connection));
  }

  async rollbackTransaction(connection: DialectConnection): Promise<void> {
    await own(connection).end(() => this.#driver.rollbackTransaction(own(connection).connection));
  }

  async savepoint(one: DialectConnection, name: string, compile: CompileQuery): Promise<void> {
    await this.#driver.savepoint?.(own(one).connection, name, compile);
  }

  async rollbackToSavepoint(
    one: DialectConnection,
    name: string,
    compile: CompileQuery,
  ): Promise<void> {
    await this.#driver.rollbackToSavepoint?.(own(one).connection, name, compile);
  }

  async releaseSavepoint(
    one: DialectConnection,
    name: string,
    compile: CompileQuery,
  ): Promise<void> {
    await this.#driver.releaseSavepoint?.(own(one).connection, name, compile);
  }

  async destroy(): Promise<void> {
    await this.#driver.destroy();
  }
}

class ReadOnlyConnection implements DialectConnection {
  readonly connection: DialectConnection;
  readonly #driver: DialectDriver;
  readonly #refuse: RefuseWrite;
  readonly #rules: ReadOnlyRules;
  inTransaction = false;

  constructor(
    driver: DialectDriver,
    connection: DialectConnection,
    refuse: RefuseWrite,
    rules: ReadOnlyRules,
  ) {
    this.#driver = driver;
    this.connection = connection;
    this.#refuse = refuse;
    this.#rules = rules;
  }

  async begin(settings: Settings): Promise<void> {
    await this.#driver.beginTransaction(this.connection, { ...settings, accessMode: "read only" });
    this.inTransaction = true;
  }

  async end(by: () => Promise<void>): Promise<void> {
    this.inTransaction = false;
    await by();
  }

  executeQuery<Row>(query: Statement): Promise<StatementResult<Row>> {
    return this.#reading(query, () => this.connection.executeQuery<Row>(query));
  }

  async *streamQuery<Row>(
    query: Statement,
    chunkSize: number,
  ): AsyncGenerator<StatementResult<Row>> {
    const begun = await this.#beginAround(query);
    try {
      yield* this.connection.streamQuery<Row>(query, chunkSize);
    } catch (error) {
      throw this.#typed(error);
    } finally {
      if (begun) await this.end(() => this.#driver.rollbackTransaction(this.connection));
    }
  }

  async #reading<R>(query: Statement, work: () => Promise<R>): Promise<R> {
    const begun = await this.#beginAround(query);
    try {
      return await work();
    } catch (error) {
      throw this.#typed(error);
    } finally {
      if (begun) await this.end(() => this.#driver.rollbackTransaction(this.connection));
    }
  }

  async #beginAround({ sql }: Statement): Promise<boolean> {
    if (this.#rules.controlsTransactions(sql)) throw this.#refuse();
    if (this.inTransaction) return false;
    await this.begin({});
    return true;
  }

  #typed(error: unknown): unknown {
    return this.#rules.isRefusedWrite(error) ? this.#refuse({ cause: error }) : error;
  }
}

/** A connection comes back to the driver that gave it. */
function own(connection: DialectConnection): ReadOnlyConnection {
  return connection as ReadOnlyConnection;
}
