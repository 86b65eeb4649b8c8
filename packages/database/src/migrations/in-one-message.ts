/** Joins statements for engines that take several at once; one may end in a comment. */
export function inOneMessage(sql: readonly string[]): string {
  return sql.map((one) => one.replace(/;\s*$/, "")).join("\n;\n");
}
