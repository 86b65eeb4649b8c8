import { UnscopedSqlError } from "@af-tenancy/database";

/** What SQLite skips before a statement: white space, empty statements and comments. */
const skipped = /^(?:[\s;\uFEFF]|--[^\n]*|\/\*[\s\S]*?(?:\*\/|$))*/;

/** Throws `UnscopedSqlError` for statements that reach another file: `ATTACH` and `VACUUM INTO`. */
export function checkStatement(sql: string): void {
  if (isHarmless(sql.charCodeAt(0) | lowerCase)) return;
  const rest = sql.replace(skipped, "");
  if (/^attach\b/i.test(rest)) throw new UnscopedSqlError("ATTACH");
  if (/^vacuum\b.*\binto\b/is.test(rest)) throw new UnscopedSqlError("VACUUM INTO");
}

const lowerCase = 0x20;
const [a, v, z] = [0x61, 0x76, 0x7a];

/** Nearly every statement begins with its verb, and nearly none of these with the letter of a refused one. */
function isHarmless(letter: number): boolean {
  return letter > a && letter <= z && letter !== v;
}
