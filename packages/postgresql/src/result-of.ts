import type { StatementResult } from "@af-tenancy/database";
import type { QueryResult } from "pg";

/** Gives what MikroORM expects of an answer; of several it is the last one's. */
export function resultOf<Row>(answer: QueryResult | readonly QueryResult[]): StatementResult<Row> {
  const result = Array.isArray(answer) ? answer.at(-1) : answer;
  const { command, rowCount, rows } = result as QueryResult;
  if (!changing.has(command)) return { rows };
  return { rows, numAffectedRows: BigInt(rowCount ?? 0) };
}

const changing: ReadonlySet<string> = new Set(["INSERT", "UPDATE", "DELETE", "MERGE"]);
