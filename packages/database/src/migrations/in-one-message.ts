/** Joins statements for engines that take several at once. */
export function inOneMessage(sql: readonly string[]): string {
  return sql.map((one) => one.replace(/;\s*$/, "")).join(";\n");
}
