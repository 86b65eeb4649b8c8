/** Names the table that a statement inserts into, as the statement does; `undefined` where it inserts nothing. */
export function insertedInto(sql: string): string | undefined {
  const [, name] = insert.exec(sql) ?? [];
  const last = name?.match(part)?.at(-1);
  return last?.replace(/^["`[]|["`\]]$/g, "");
}

/** One part of a name, quoted or not. */
const part = /"[^"]+"|`[^`]+`|[\w$]+/g;

/** Comments and common table expressions may stand before it. */
const insert =
  /^\s*(?:with\b[\s\S]*?\)\s*)?(?:insert|replace)\s+(?:(?:or\s+\w+|ignore)\s+)?(?:into\s+)((?:(?:"[^"]+"|`[^`]+`|[\w$]+)\s*\.\s*)*(?:"[^"]+"|`[^`]+`|[\w$]+))/i;
