import { type DialectConnection, statement } from "../connection/dialect.ts";
import { deleteOrder } from "./delete-order.ts";
import type { RowTable } from "./row-tables.ts";

/** How a driver writes what removes rows. */
export interface RowRemoval {
  quote(name: string): string;
  /** SQL that deletes at most so many rows of a table for which a condition holds. */
  deleteSome(table: string, condition: string, limit: number): string;
}

/**
 * Removes every row of a tenant, those that refer to others first and never many at once, so that nobody else waits
 * long for a lock. What an interruption left is removed by the next call.
 */
export async function removeRows(
  tables: readonly RowTable[],
  column: string,
  tenantId: string,
  connection: DialectConnection,
  removal: RowRemoval,
): Promise<void> {
  const run = (sql: string) => connection.executeQuery(statement(sql));
  const quote = (name: string) => removal.quote(name);
  const own = `${quote(column)} = '${tenantId}'`;
  const { tables: ordered, unset } = deleteOrder(tables);
  for (const { table, columns } of unset) {
    const [values, some] = [
      columns.map((column) => `${quote(column)} = null`).join(", "),
      columns.map((column) => `${quote(column)} is not null`).join(" or "),
    ];
    await run(`update ${quote(table.name)} set ${values} where ${own} and (${some})`);
  }
  for (const { name } of ordered) {
    const sql = removal.deleteSome(quote(name), own, batch);
    let deleted: bigint;
    do deleted = (await run(sql)).numAffectedRows ?? 0n;
    while (deleted >= batch);
  }
}

/** How many rows go in one statement. */
const batch = 1_000;
