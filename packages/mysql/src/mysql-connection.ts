import { isTenancyError } from "@af-tenancy/core";
import {
  checkWellFormed,
  DatabaseUnavailableError,
  type DialectConnection,
  QueryTimeoutError,
  type Statement,
  type StatementResult,
  TransactionTakenBackError,
} from "@af-tenancy/database";
import type { ResultSetHeader } from "mysql2";
import { codeOf } from "./code-of.ts";
import { leavesNothing } from "./leaves-nothing.ts";
import type { Limit, MysqlSession, SessionUser } from "./mysql-session.ts";

/** How long the server may take for what, in milliseconds. */
export interface MysqlLimits {
  /** For opening a session, or handing it to another user. */
  readonly connectTimeout: number;
  /** For a statement; no limit when absent. */
  readonly queryTimeout?: number | undefined;
}

/** Runs statements in one session and remembers whether one of them may have left something behind. */
export class MysqlConnection implements DialectConnection {
  /** What the session works for, as errors tell it. */
  name: string;
  /** Something may be left of what was sent since this was last `false`. */
  touched = false;
  /** A transaction is open, as far as its user knows. */
  inTransaction = false;
  readonly #session: MysqlSession;
  readonly #limits: MysqlLimits;
  #takenBack: unknown;

  constructor(session: MysqlSession, name: string, limits: MysqlLimits) {
    this.#session = session;
    this.name = name;
    this.#limits = limits;
  }

  /** Begins the session anew for a user; throws what the server throws, or `QueryTimeoutError`. */
  async changeUser(user: SessionUser): Promise<void> {
    const { connectTimeout, queryTimeout = connectTimeout } = this.#limits;
    await this.#session.changeUser(user, this.#limit(Math.min(connectTimeout, queryTimeout)));
    this.name = user.database;
    this.touched = false;
    this.#ended();
  }

  async executeQuery<Row>({ sql, parameters }: Statement): Promise<StatementResult<Row>> {
    this.#assertKept();
    checkWellFormed(sql);
    if (!leavesNothing(sql)) this.touched = true;
    return resultOf<Row>(await this.#run(sql, parameters));
  }

  async *streamQuery<Row>({ sql, parameters }: Statement): AsyncGenerator<StatementResult<Row>> {
    this.#assertKept();
    checkWellFormed(sql);
    if (!leavesNothing(sql)) this.touched = true;
    const { connectTimeout, queryTimeout } = this.#limits;
    const limits = {
      forRow: queryTimeout === undefined ? undefined : this.#limit(queryTimeout),
      forRest: this.#limit(queryTimeout ?? connectTimeout),
    };
    try {
      for await (const row of this.#session.stream(sql, parameters, limits)) {
        yield { rows: [row as Row] };
      }
    } catch (error) {
      await this.#note(error);
      throw this.#told(error);
    }
  }

  /** Runs a statement that the driver answers for. */
  async command(sql: string): Promise<void> {
    this.#assertKept();
    await this.#run(sql, []);
  }

  /** Ends the transaction, also one that the server has taken back. */
  async rollback(): Promise<void> {
    await this.#run("rollback", []);
    this.#ended();
  }

  /** With the transaction its savepoints are gone, and what they would take back. */
  async rollbackToSavepoint(name: string): Promise<void> {
    if (this.#takenBack === undefined) await this.#run(`rollback to savepoint ${name}`, []);
  }

  #ended(): void {
    this.inTransaction = false;
    this.#takenBack = undefined;
  }

  /** What came next would be in no transaction, and stay. */
  #assertKept(): void {
    if (this.#takenBack === undefined) return;
    throw new TransactionTakenBackError(this.name, { cause: this.#takenBack });
  }

  async #run(sql: string, parameters: readonly unknown[]): Promise<unknown> {
    try {
      return await this.#session.query(sql, parameters, this.#limits.queryTimeout);
    } catch (error) {
      await this.#note(error);
      throw this.#told(error);
    }
  }

  /** Takes note of an error with which the server has taken the transaction back. */
  async #note(error: unknown): Promise<void> {
    if (!this.inTransaction || this.#takenBack !== undefined) return;
    const code = codeOf(error) ?? "";
    if (endings.has(code) || (code === "ER_LOCK_WAIT_TIMEOUT" && (await this.#endsOnTimeout()))) {
      this.#takenBack = error;
    }
  }

  /** Asks whether the server takes a whole transaction back, and not the statement alone; one that does not say may. */
  async #endsOnTimeout(): Promise<boolean> {
    const { queryTimeout } = this.#limits;
    const ask = "select @@innodb_rollback_on_timeout as isEnding";
    const answer = await this.#session.query(ask, [], queryTimeout).catch(() => undefined);
    const [row] = (answer ?? []) as readonly { readonly isEnding: unknown }[];
    return Number(row?.isEnding ?? 1) !== 0;
  }

  #limit(milliseconds: number): Limit {
    const error = () =>
      milliseconds === this.#limits.queryTimeout
        ? new QueryTimeoutError(this.name, milliseconds)
        : new DatabaseUnavailableError(this.name, {
            ...{ cause: `the server did not answer for ${milliseconds} ms`, transient: true },
          });
    return { milliseconds, error };
  }

  /** An error of the statement is MikroORM's to name; one of the connection is ours. */
  #told(error: unknown): unknown {
    const { failure } = this.#session;
    if (failure === undefined) return error;
    if (isTenancyError(failure)) return failure;
    if (codeOf(error) === "PROTOCOL_SEQUENCE_TIMEOUT") {
      return new QueryTimeoutError(this.name, this.#limits.queryTimeout ?? 0);
    }
    return new DatabaseUnavailableError(this.name, { cause: error, transient: true });
  }
}

/**
 * After these the server has taken the whole transaction back: a deadlock, MariaDB's `innodb_snapshot_isolation`, and more
 * locks than it has room for.
 */
const endings: ReadonlySet<string> = new Set([
  "ER_LOCK_DEADLOCK",
  "ER_CHECKREAD",
  "ER_LOCK_TABLE_FULL",
]);

function resultOf<Row>(result: unknown): StatementResult<Row> {
  if (Array.isArray(result)) return { rows: result as Row[] };
  const { insertId, affectedRows, changedRows } = result as ResultSetHeader;
  return {
    rows: [],
    ...(insertId && { insertId: BigInt(insertId) }),
    numAffectedRows: BigInt(affectedRows),
    numChangedRows: BigInt(changedRows),
  };
}
