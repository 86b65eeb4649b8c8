import type { DialectConnection, DialectDriver, ServerConnection } from "@af-tenancy/database";
import { BoundConnection, type CheckStatement } from "./bound-connection.ts";
import type { PostgresqlConnection } from "./postgresql-connection.ts";
import { quoted } from "./quoted.ts";

type Settings = Parameters<DialectDriver["beginTransaction"]>[1];

/** One connection to one server, for whoever may use all of its database. */
export class PostgresqlDriver implements ServerConnection {
  readonly #connection: PostgresqlConnection;
  readonly #bound: BoundConnection | undefined;
  readonly #enter: string | undefined;
  /** The transaction keeps nothing, whatever becomes of it. */
  #onlyReads = false;

  private constructor(connection: PostgresqlConnection, bound?: BoundConnection, enter?: string) {
    this.#connection = connection;
    this.#bound = bound;
    this.#enter = enter;
  }

  /**
   * Takes an open connection, which from then on is the driver's. `enter` is SQL that is sent in the message that begins
   * a transaction with an isolation level of its own.
   */
  static over(connection: PostgresqlConnection, enter?: string): PostgresqlDriver {
    return new PostgresqlDriver(connection, undefined, enter);
  }

  /** The same connection for one tenant, with settings that hold for each of its transactions and statements. */
  boundTo(settings: string, check?: CheckStatement): PostgresqlDriver {
    const bound = new BoundConnection(this.#connection, settings, check);
    return new PostgresqlDriver(this.#connection, bound);
  }

  /** The session's number as it was told when connecting. */
  get processId(): number | undefined {
    return this.#connection.processId;
  }

  onLost(listener: () => void): void {
    this.#connection.onLost(listener);
  }

  async init(): Promise<void> {}

  async acquireConnection(): Promise<DialectConnection> {
    return this.connection;
  }

  get connection(): DialectConnection {
    return this.#bound ?? this.#connection;
  }

  get isClean(): boolean {
    return this.#connection.isClean;
  }

  /** What its user left open or changed is undone before the next user comes. */
  releaseConnection(): Promise<void> {
    return this.#connection.clean();
  }

  async beginTransaction(_: DialectConnection, settings: Settings): Promise<void> {
    this.#onlyReads = settings.accessMode === "read only";
    const isEntered = this.#enter !== undefined && settings.isolationLevel !== undefined;
    const sql = isEntered ? `${beginning(settings)}; ${this.#enter}` : beginning(settings);
    await (this.#bound === undefined ? this.#connection.run(sql) : this.#bound.begin(sql));
  }

  async commitTransaction(): Promise<void> {
    await (this.#onlyReads ? this.#connection.run("commit") : this.#connection.commit());
  }

  async rollbackTransaction(): Promise<void> {
    await this.#connection.run("rollback");
  }

  async savepoint(_: DialectConnection, name: string): Promise<void> {
    await this.#connection.run(`savepoint ${quoted(name)}`);
  }

  async rollbackToSavepoint(_: DialectConnection, name: string): Promise<void> {
    await this.#connection.run(`rollback to savepoint ${quoted(name)}`);
  }

  async releaseSavepoint(_: DialectConnection, name: string): Promise<void> {
    await this.#connection.run(`release savepoint ${quoted(name)}`);
  }

  async destroy(): Promise<void> {
    await this.#connection.close();
  }
}

function beginning({ isolationLevel, accessMode }: Settings): string {
  const level = isolationLevel === undefined ? "" : ` isolation level ${isolationLevel}`;
  const access = accessMode === undefined ? "" : ` ${accessMode}`;
  return `start transaction${level}${access}`;
}
