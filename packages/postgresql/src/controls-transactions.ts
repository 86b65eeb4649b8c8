import { sqlStatements } from "./sql-statements.ts";

/**
 * Tells whether SQL holds a statement that begins, ends or changes a transaction, or the session around it. Text is read
 * both ways that a session may read backslashes, because `set_config` changes which it is; a call that speaks of the
 * encoding is refused, as in some a backslash is half a character.
 */
export function controlsTransactions(sql: string): boolean {
  if (encoding.test(sql)) return true;
  if (ordinary.test(sql)) return false;
  return readings.some((texts) => {
    const statements = sqlStatements(sql, texts);
    return statements?.every(([verb = ""]) => !controlVerbs.has(verb)) !== true;
  });
}

const controlVerbs: ReadonlySet<string> = new Set([
  ...[
    "abort",
    "alter",
    "begin",
    "call",
    "commit",
    "create",
    "discard",
    "drop",
    "end",
    "execute",
    "grant",
    "lock",
  ],
  ...["prepare", "release", "reset", "revoke", "rollback", "savepoint", "set", "start", "truncate"],
]);

const encoding = /set_config[\s\S]*client_encoding/i;

/** One statement, whatever stands in it. */
const ordinary = /^\s*(?:select|with|values|table|explain)\b[^;]*$/i;

const readings = [{ backslashEscapes: false }, { backslashEscapes: true }] as const;
