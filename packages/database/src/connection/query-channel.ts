import { type Channel, channel } from "node:diagnostics_channel";

/** Each statement of a tenant's entity managers: `{ statement, server, tenantId, name, milliseconds, error? }`. */
export const queryChannel: Channel = channel("af-tenancy:query");

/** What a statement does, up to the first place where a value may stand; `quote` stands around names in this SQL. */
export function statementHead(sql: string, quote: string): string {
  const head = sql.replace(/\s+/g, " ").trim();
  const text = quote === '"' ? -1 : head.indexOf('"');
  const ends = [text, head.search(value)].filter((end) => end !== -1);
  if (ends.length === 0) return head.slice(0, 500);
  return `${head.slice(0, Math.min(...ends, 500)).trimEnd()} …`.trimStart();
}

/** A text, a comment, a number that is no part of a name, or a word that values come after. */
const value = /'|\$\w*\$|--|\/\*|#|(?<![\w"`$])\d|\b(?:values|set|where|having|limit|offset)\b/i;
