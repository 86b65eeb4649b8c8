import type { Kysely } from "@mikro-orm/sql";
import { type StatementResult, statement } from "../connection/dialect.ts";
import type { RegistryPlace, RegistryStatement } from "./registry-rows.ts";

/**
 * Runs a statement with its values beside it, so that a driver that keeps what it has understood need not read it again;
 * MikroORM would write them into it. Throws MikroORM's errors.
 */
export async function runBound<Row>(
  { driver, connection, transaction }: RegistryPlace,
  { sql, values }: RegistryStatement,
): Promise<StatementResult<Row>> {
  await connection.ensureConnection();
  const client: Kysely<unknown> = transaction ?? connection.getClient();
  const parameters = values.map(bindable);
  try {
    return await client.executeQuery<Row>({ ...statement(sql), parameters });
  } catch (error) {
    throw driver.convertException(error as Error);
  }
}

/** SQLite knows no truth, and refuses what is not there. */
function bindable(value: unknown): unknown {
  if (typeof value === "boolean") return Number(value);
  return value ?? null;
}
