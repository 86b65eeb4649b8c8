import type { Symptom } from "@af-tenancy/database";
import {
  readSecurity,
  type SecuredTable,
  securedTables,
  type TableSecurity,
} from "../row-level-security.ts";
import type { SharedRows } from "./shared-rows.ts";

/** Looks at what the server knows of each table whose rows it is to keep apart; gives what `tell` says of them. */
export async function securedSymptoms(
  { rows, run }: SharedRows,
  tell: (table: SecuredTable, security: TableSecurity) => readonly string[],
): Promise<readonly Symptom[]> {
  if (rows === undefined) return [];
  const { schema, tables } = rows;
  const secured = new Map(securedTables(tables).map((table) => [table.name, table]));
  const security = await readSecurity(run, schema);
  return security.flatMap((found) => {
    const table = secured.get(found.name);
    if (table === undefined) return [];
    const subject = `table "${schema}"."${found.name}"`;
    return tell(table, found).map((message) => ({ subject, message }));
  });
}
