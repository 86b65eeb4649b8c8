import { type Channel, channel } from "node:diagnostics_channel";

/** Each statement of a tenant's entity managers: `{ statement, server, tenantId, name, milliseconds, error? }`. */
export const queryChannel: Channel = channel("af-tenancy:query");

/** What a statement does, up to the first place where a value may stand. */
export function statementHead(sql: string): string {
  const head = sql.replace(/\s+/g, " ").trim();
  const end = head.search(/'|\$\w*\$|\b(?:values|set|where|having|limit|offset)\b/i);
  return (end === -1 ? head : `${head.slice(0, end).trimEnd()} …`).slice(0, 500);
}
