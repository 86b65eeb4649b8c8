import type { AbstractSqlDriver } from "@mikro-orm/sql";
import { type Statement, type StatementResult, statement } from "../connection/dialect.ts";
import type { RegistryStatement } from "./registry-statement.ts";

/** Sends one statement to a registry's database. */
export type SendStatement = <Row>(query: Statement) => Promise<StatementResult<Row>>;

/**
 * Runs a statement with its values beside it, so that a driver that keeps what it has understood need not read it again;
 * MikroORM would write them into it, and takes longer than SQLite. Throws MikroORM's errors.
 */
export async function runBound<Row>(
  driver: AbstractSqlDriver,
  send: SendStatement,
  { sql, values }: RegistryStatement,
): Promise<StatementResult<Row>> {
  const parameters = values.map(bindable);
  try {
    return await send<Row>({ ...statement(sql), parameters });
  } catch (error) {
    throw driver.convertException(error as Error);
  }
}

/** SQLite knows no truth, and refuses what is not there. */
function bindable(value: unknown): unknown {
  if (typeof value === "boolean") return Number(value);
  return value ?? null;
}
