import { DriverException } from "@mikro-orm/sql";

/**
 * Gives a failed statement's error without the statement and without the database's words on it: both hold values, and a
 * registry's hold secrets. What else failed stays as it is.
 */
export function withoutSql(error: unknown): unknown {
  return error instanceof DriverException ? new FailedStatementError(error) : error;
}

/** What kind of failure it was, by its code and where it happened. */
class FailedStatementError extends Error {
  override readonly name = "FailedStatementError";
  /** The database's own, such as `23505` or `ER_DUP_ENTRY`. */
  readonly code: string | undefined;

  constructor(failed: DriverException) {
    const code = failed.code === undefined ? undefined : String(failed.code);
    const { table, column, constraint } = failed as {
      table?: unknown;
      column?: unknown;
      constraint?: unknown;
    };
    const place = [table, column, constraint].filter((name) => typeof name === "string");
    super([failed.constructor.name, code, ...place].filter(Boolean).join(" "));
    this.code = code;
  }
}
