import type { SqlStatement } from "./sql-statements.ts";

/** Tells whether a statement may set a setting by writing to the view of them: it names the view and does not just read. */
export function changesSettings(statement: SqlStatement): boolean {
  if (!statement.includes("pg_settings")) return false;
  const verb = statement.find((piece) => piece !== "(") ?? "";
  return !reading.has(verb) || statement.some((piece) => writing.has(piece));
}

const reading: ReadonlySet<string> = new Set(["select", "with", "table"]);
const writing: ReadonlySet<string> = new Set(["insert", "update", "delete", "merge", "into"]);
