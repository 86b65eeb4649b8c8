import { InvalidInputError } from "@af-tenancy/core";

/**
 * Throws `InvalidInputError` for a statement that does nothing but begin, end or mark a transaction. Alone it would be
 * run on a connection that goes back right after it, so that what follows is in no transaction; in a transaction that
 * MikroORM or Kysely began, they would go on without knowing that it is over. Savepoints are allowed inside one.
 */
export function checkTransactionStatement(sql: string, inTransaction: boolean): void {
  const [, verb] = control.exec(sql) ?? [];
  if (verb === undefined || (inTransaction && marking.test(verb))) return;
  throw new InvalidInputError(
    "SQL",
    verb.trim(),
    "begin and end transactions with em.transactional(), or with em.begin() and em.commit()",
  );
}

/** What may stand before a word: nothing that any server runs, unless it is the comment that MySQL and MariaDB run. */
const line = String.raw`\s|--[^\n]*\n|#[^\n]*\n`;
const before = String.raw`(?:${line}|\/\*(?:[^*]|\*(?!\/))*\*\/)*`;
const versioned = String.raw`\/\*M?!\d*`;

/**
 * One statement and no other; MariaDB's `begin not atomic` is a block of them. A comment that MySQL and MariaDB run may
 * hold the word, or be none for an older one. It is asked of every statement, so that no part of it may match the same
 * text in two ways.
 */
const control = new RegExp(
  String.raw`^${before}(?:${versioned}(?:${line})*)?((?:abort|begin(?!\s+not\b)|commit|end|release|rollback|savepoint|start(?:\s|\*\/|${versioned})+transaction)\b[^;]*)(?:;(?:\s|\*\/)*)?$`,
  "i",
);

const marking = /^(?:release|savepoint|rollback\s+(?:(?:work|transaction)\s+)?to)\b/i;
