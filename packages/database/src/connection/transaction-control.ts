/** Tells whether SQL text contains a statement that begins, ends or changes a transaction, or the session around it. */
export function controlsTransactions(sql: string): boolean {
  return control.test(sql) && control.test(sql.replace(literals, "''"));
}

const control =
  /(?:^|;)(?:\s|--[^\n]*\n|\/\*[\s\S]*?\*\/)*(?:abort|begin|commit|discard|end|execute|lock|prepare|release|reset|rollback|savepoint|set|start|unlock|xa)\b/i;

/** Texts, names and dollar-quoted texts, in which a semicolon is none. */
const literals = /'(?:[^'\\]|''|\\[\s\S])*'|"(?:[^"]|"")*"|`(?:[^`]|``)*`|\$(\w*)\$[\s\S]*?\$\1\$/g;
