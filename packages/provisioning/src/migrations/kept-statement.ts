/** Gives what may be kept of a statement that failed: up to the first text in it, which may be a row's or a password. */
export function keptStatement(sql: string): string {
  const text = sql.search(/'|\$\w*\$/);
  return text === -1 ? sql.slice(0, longest) : `${sql.slice(0, Math.min(text, longest))}…`;
}

const longest = 10_000;
