/**
 * Tells whether a statement surely leaves nothing behind in its session: it reads or writes rows, and by the grammar of
 * the server cannot change the current database, a setting or a lock. Whatever is not known to be such may be anything,
 * `call` above all: on MariaDB a procedure can change the current database.
 */
export function leavesNothing(sql: string): boolean {
  return onlyRows.test(sql) && !leaving.test(sql);
}

const onlyRows = /^\s*(?:select|insert|update|delete|replace|with)\b/i;

/** Variables that are given a value, locks by name, and comments that the server reads. */
const leaving = /:=|\binto(?:\s|\/\*.*?\*\/|--[^\n]*|#[^\n]*)*@|_lock\s*\(|\/\*M?!/is;
