/**
 * Tells whether a statement may begin, end or change a transaction, or the session around it, or writes a file on the
 * server, which no transaction takes back. Sessions take one statement at a time, so that its first word says so; where
 * that may stand in a comment that the server runs, it may be anything.
 */
export function controlsTransactions(sql: string): boolean {
  const [, verb = "", rest = ""] = start.exec(sql) ?? [];
  const word = verb.toLowerCase();
  if (intoFile.test(rest) || (run.test(rest) && file.test(rest))) return true;
  return !ofRows.has(word) && !(word === "analyze" && explained.test(rest));
}

/** What comes before the first word does nothing. */
const start = /^(?:[\s(]|\/\*(?!M?!)[\s\S]*?\*\/|#[^\n]*\n|--(?=\s)[^\n]*\n)*([a-z_]*)([\s\S]*)$/i;

/** Many others end a transaction without a word, and on MariaDB a block (`if`, `while`) may hold any. */
const ofRows: ReadonlySet<string> = new Set([
  ...[
    "select",
    "with",
    "values",
    "table",
    "show",
    "explain",
    "describe",
    "desc",
    "help",
    "do",
    "checksum",
  ],
  ...["insert", "update", "delete", "replace"],
]);

/** Where strings or names say the same, too much is refused. */
const intoFile = /\binto(?:\s|\/\*(?:[^*]|\*(?!\/))*\*\/)+(?:out|dump)file\b/i;

/** A comment that the server runs may hold a part of that, or be none for an older one. */
const run = /\/\*M?!/i;
const file = /(?:out|dump)file/i;

/** MariaDB runs the query and tells how; of a table it writes down what it finds. */
const explained = /^\s+(?:format\s*=\s*\w+\s+)?(?:select|with|insert|update|delete|replace)\b/i;
