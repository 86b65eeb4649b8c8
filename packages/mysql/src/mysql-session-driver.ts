import type { MaybePromise } from "@af-tenancy/core";
import {
  DatabaseUnavailableError,
  type DialectConnection,
  type DialectDriver,
  type ServerConnection,
} from "@af-tenancy/database";
import type { ConnectionOptions } from "mysql2";
import { MysqlConnection, type MysqlLimits } from "./mysql-connection.ts";
import { MysqlSession, type SessionUser } from "./mysql-session.ts";
import { quoted } from "./quoted.ts";

/** Whose a session is for a while. */
export interface Seat extends SessionUser {
  /** Differs between any two users of the session who must not meet. */
  readonly key: string;
}

/** How a session is opened. */
export interface MysqlSessionDriverOptions {
  /** How the client connects, but for the seat. */
  readonly connection: ConnectionOptions;
  readonly limits: MysqlLimits;
}

type Settings = Parameters<DialectDriver["beginTransaction"]>[1];

/**
 * One session of the server, which its users have one after the other. Between two who must not meet the server itself
 * begins it anew, and so it does for the next lease of the same one when anything may be left of the last.
 */
export class MysqlSessionDriver implements ServerConnection {
  readonly #session: MysqlSession;
  readonly #connection: MysqlConnection;
  #seat: Seat;

  private constructor(session: MysqlSession, seat: Seat, limits: MysqlLimits) {
    this.#session = session;
    this.#seat = seat;
    this.#connection = new MysqlConnection(session, seat.database, limits);
  }

  /** Opens a session that is one user's from the start; throws what the server or its client throws. */
  static async open(
    { connection, limits }: MysqlSessionDriverOptions,
    seat: Seat,
  ): Promise<MysqlSessionDriver> {
    const { user, password, database } = seat;
    const session = await MysqlSession.open({ ...connection, user, password, database });
    return new MysqlSessionDriver(session, seat, limits);
  }

  /** Whose it is now. */
  get seat(): Seat {
    return this.#seat;
  }

  /** Hands the session to another user; gives no promise when it is theirs already. Throws what the server throws. */
  enter(seat: Seat): MaybePromise<void> {
    if (this.#seat.key === seat.key && !this.#connection.touched) return undefined;
    return this.#begin(seat);
  }

  async init(): Promise<void> {}

  async acquireConnection(): Promise<DialectConnection> {
    return this.#connection;
  }

  get isClean(): boolean {
    return (
      this.#session.failure === undefined &&
      !this.#connection.touched &&
      !this.#connection.inTransaction
    );
  }

  /** Takes back an open transaction and whatever else may be left. Rejects when the session cannot be used again. */
  async releaseConnection(): Promise<void> {
    const { failure } = this.#session;
    if (failure !== undefined) {
      throw new DatabaseUnavailableError(this.#seat.database, {
        ...{ cause: failure, transient: true },
      });
    }
    if (this.#connection.touched) await this.#begin(this.#seat);
    else await this.rollbackTransaction();
  }

  async beginTransaction(
    _: DialectConnection,
    { isolationLevel, accessMode }: Settings,
  ): Promise<void> {
    this.#connection.inTransaction = true;
    if (isolationLevel !== undefined) {
      await this.#connection.command(`set transaction isolation level ${isolationLevel}`);
    }
    await this.#connection.command(
      accessMode === undefined ? "begin" : `start transaction ${accessMode}`,
    );
  }

  async commitTransaction(): Promise<void> {
    await this.#connection.command("commit");
    this.#connection.inTransaction = false;
  }

  async rollbackTransaction(): Promise<void> {
    if (this.#connection.inTransaction) await this.#connection.rollback();
  }

  async savepoint(_: DialectConnection, name: string): Promise<void> {
    await this.#connection.command(`savepoint ${quoted(name)}`);
  }

  async rollbackToSavepoint(_: DialectConnection, name: string): Promise<void> {
    await this.#connection.rollbackToSavepoint(quoted(name));
  }

  async releaseSavepoint(_: DialectConnection, name: string): Promise<void> {
    await this.#connection.command(`release savepoint ${quoted(name)}`);
  }

  /** Calls back once when the connection breaks, also while nobody uses it. */
  onLost(listener: () => void): void {
    this.#session.onFailure(listener);
  }

  async destroy(): Promise<void> {
    await this.#session.close();
  }

  async #begin(seat: Seat): Promise<void> {
    await this.#connection.changeUser(seat);
    this.#seat = seat;
  }
}
