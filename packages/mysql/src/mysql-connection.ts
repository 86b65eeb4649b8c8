import {
  checkWellFormed,
  DatabaseUnavailableError,
  type DialectConnection,
  QueryTimeoutError,
  type Statement,
  type StatementResult,
} from "@af-tenancy/database";
import type { ResultSetHeader } from "mysql2";
import { codeOf } from "./code-of.ts";
import { leavesNothing } from "./leaves-nothing.ts";
import type { MysqlSession } from "./mysql-session.ts";

/** Runs statements in one session and remembers whether one of them may have left something behind. */
export class MysqlConnection implements DialectConnection {
  /** What the session works for, as errors tell it. */
  name: string;
  /** Something may be left of what was sent since this was last `false`. */
  touched = false;
  readonly #session: MysqlSession;
  readonly #timeout: number | undefined;

  /** `timeout` is the longest that a statement may take, in milliseconds. */
  constructor(session: MysqlSession, name: string, timeout: number | undefined) {
    this.#session = session;
    this.name = name;
    this.#timeout = timeout;
  }

  async executeQuery<Row>({ sql, parameters }: Statement): Promise<StatementResult<Row>> {
    checkWellFormed(sql);
    if (!leavesNothing(sql)) this.touched = true;
    return resultOf<Row>(await this.#run(sql, parameters));
  }

  async *streamQuery<Row>({ sql, parameters }: Statement): AsyncGenerator<StatementResult<Row>> {
    checkWellFormed(sql);
    if (!leavesNothing(sql)) this.touched = true;
    try {
      for await (const row of this.#session.stream(sql, parameters)) yield { rows: [row as Row] };
    } catch (error) {
      throw this.#told(error);
    }
  }

  /** Runs a statement that the driver answers for. */
  async command(sql: string): Promise<void> {
    await this.#run(sql, []);
  }

  async #run(sql: string, parameters: readonly unknown[]): Promise<unknown> {
    try {
      return await this.#session.query(sql, parameters, this.#timeout);
    } catch (error) {
      throw this.#told(error);
    }
  }

  /** An error of the statement is MikroORM's to name; one of the connection is ours. */
  #told(error: unknown): unknown {
    if (this.#session.failure === undefined) return error;
    if (codeOf(error) === "PROTOCOL_SEQUENCE_TIMEOUT") {
      return new QueryTimeoutError(this.name, this.#timeout ?? 0);
    }
    return new DatabaseUnavailableError(this.name, { cause: error, transient: true });
  }
}

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
