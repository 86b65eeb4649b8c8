/**
 * Tells whether SQL text contains a statement that begins, ends or changes a transaction, or the session around it; on
 * MySQL and MariaDB DDL ends one without a word.
 */
export function controlsTransactions(sql: string): boolean {
  return control.test(sql) && control.test(sql.replace(literals, "''"));
}

const control =
  /(?:^|;)(?:\s|--[^\n]*\n|\/\*[\s\S]*?\*\/)*(?:abort|alter|begin|call|commit|create|discard|drop|end|execute|grant|lock|prepare|release|rename|reset|revoke|rollback|savepoint|set|start|truncate|unlock|xa)\b/i;

/** Texts, names and dollar-quoted texts, in which a semicolon is none. */
const literals = /'(?:[^'\\]|''|\\[\s\S])*'|"(?:[^"]|"")*"|`(?:[^`]|``)*`|\$(\w*)\$[\s\S]*?\$\1\$/g;
