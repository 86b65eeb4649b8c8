import type { ConnectionLease } from "../connection/connection-lease.ts";
import { statement } from "../connection/dialect.ts";
import type { Rows } from "./copy-dialect.ts";

/** Reads rows of text bit by bit, and has each batch taken before the next one is asked for. */
export async function readInBatches(
  { connection }: Pick<ConnectionLease, "connection">,
  sql: string,
  columns: number,
  take: (rows: Rows) => Promise<void>,
): Promise<void> {
  const most = Math.max(1, Math.min(rowsAtMost, Math.floor(valuesAtMost / Math.max(1, columns))));
  let rows: (string | null)[][] = [];
  let length = 0;
  for await (const read of connection.streamQuery<Readonly<Record<string, string | null>>>(
    statement(sql),
    most,
  )) {
    for (const row of read.rows) {
      const values = Array.from({ length: columns }, (_, index) => row[`c${index}`] ?? null);
      rows.push(values);
      length += values.reduce((sum, value) => sum + (value?.length ?? 0), 0);
      if (rows.length < most && length < lengthAtMost) continue;
      await take(rows);
      [rows, length] = [[], 0];
    }
  }
  if (rows.length > 0) await take(rows);
}

/** What one statement inserts at most. */
const rowsAtMost = 500;
const valuesAtMost = 20_000;
const lengthAtMost = 1_000_000;
