import { InvalidInputError } from "@af-tenancy/core";
import { checkWellFormed, UnscopedSqlError } from "@af-tenancy/database";

/** What SQLite skips before a statement: white space, empty statements and comments. */
const skipped = /^(?:[\s;\uFEFF]|--[^\n]*|\/\*[\s\S]*?(?:\*\/|$))*/;

/**
 * Throws `UnscopedSqlError` for statements that reach another file (`ATTACH`, `VACUUM INTO`), and `InvalidInputError`
 * for U+0000, at which SQLite would stop reading, and for half a surrogate pair: MikroORM writes values into the
 * statement itself.
 */
export function checkStatement(sql: string): void {
  if (sql.includes("\0")) {
    throw new InvalidInputError("text", "a text with U+0000", "leave out the character U+0000");
  }
  checkWellFormed(sql);
  if (isHarmless(sql.charCodeAt(0) | lowerCase)) return;
  const rest = sql.replace(skipped, "");
  if (/^attach\b/i.test(rest)) throw new UnscopedSqlError("ATTACH");
  if (/^vacuum\b.*\binto\b/is.test(rest)) throw new UnscopedSqlError("VACUUM INTO");
}

/** Tells whether a statement may change a setting of the connection, which the next user would find changed. */
export function changesSettings(sql: string): boolean {
  const letter = sql.charCodeAt(0) | lowerCase;
  if (letter !== p && isHarmless(letter)) return false;
  const bare = sql.replace(comments, " ").replace(skipped, "");
  const [, name] = setting.exec(bare) ?? [];
  return name !== undefined && !reading.test(name);
}

const comments = /--[^\n]*|\/\*[\s\S]*?\*\//g;
const setting = /^pragma\s*(?:[\w"'`[\]]+\s*\.\s*)?["'`[]?(\w+)["'`\]]?\s*[=(]/i;

/** Pragmas that take an argument and change nothing of the connection. */
const reading =
  /^(?:foreign_key_(?:check|list)|index_(?:info|list|xinfo)|integrity_check|optimize|quick_check|table_(?:info|list|xinfo)|user_version)$/i;

const lowerCase = 0x20;
const [a, p, v, z] = [0x61, 0x70, 0x76, 0x7a];

/** Nearly every statement begins with its verb, and nearly none of these with the letter of a refused one. */
function isHarmless(letter: number): boolean {
  return letter > a && letter <= z && letter !== v;
}
