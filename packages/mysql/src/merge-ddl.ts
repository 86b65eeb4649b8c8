/**
 * Folds the indexes and constraints of a table into the statement that makes it, so that the table is there with all of
 * them or not at all, where the server cannot take DDL back. What cannot be folded follows after the tables.
 */
export function mergeDdl(statements: readonly string[]): MergedDdl {
  const tables = new Map<string, { create: string; readonly parts: string[] }>();
  const others: OtherDdl[] = [];
  for (const statement of statements) {
    const created = createTable.exec(statement)?.[1];
    const [, altered, part] = addToTable.exec(statement) ?? [];
    const [, kind, index, indexed, columns] = createIndex.exec(statement) ?? [];
    if (created !== undefined) tables.set(created, { create: statement, parts: [] });
    else if (altered !== undefined && tables.has(altered))
      tables.get(altered)?.parts.push(`${part}`);
    else if (indexed !== undefined && tables.has(indexed)) {
      tables.get(indexed)?.parts.push(`${kind ?? ""}index ${index} ${columns}`);
    } else others.push(other(statement));
  }
  const merged = [...tables].map(
    ([name, { create, parts }]) => [unquoted(name), insert(create, parts)] as const,
  );
  return { tables: new Map(merged), others };
}

/** The statements that make a schema, one for each table. */
export interface MergedDdl {
  readonly tables: ReadonlyMap<string, string>;
  readonly others: readonly OtherDdl[];
}

/** A view, a trigger or whatever else belongs to no table. */
interface OtherDdl {
  /** Of a view or a trigger. */
  readonly name: string | undefined;
  readonly sql: string;
}

const createTable = /^create table (`(?:[^`]|``)+`) \(/i;
const addToTable = /^alter table (`(?:[^`]|``)+`) add ([\s\S]+)$/i;
const createIndex =
  /^create ((?:unique|fulltext|spatial) )?index (`(?:[^`]|``)+`) on (`(?:[^`]|``)+`) ([\s\S]+)$/i;

const viewOrTrigger = /^create (?:or replace )?(?:view|trigger) (`(?:[^`]|``)+`)/i;

function other(statement: string): OtherDdl {
  const name = viewOrTrigger.exec(statement)?.[1];
  const sql = statement.replace(/^create view/i, "create or replace view");
  return { name: name && unquoted(name), sql };
}

function unquoted(name: string): string {
  return name.slice(1, -1).replaceAll("``", "`");
}

/** Puts parts before the parenthesis that closes the list of columns. */
function insert(create: string, parts: readonly string[]): string {
  if (parts.length === 0) return create;
  const end = closing(create);
  return `${create.slice(0, end)}, ${parts.join(", ")}${create.slice(end)}`;
}

/** Where the first parenthesis is closed, not counting those in names and texts. */
function closing(sql: string): number {
  let depth = 0;
  for (const { 0: token, index } of sql.matchAll(/'(?:[^'\\]|''|\\.)*'|`(?:[^`]|``)*`|[()]/gs)) {
    if (token === "(") depth += 1;
    if (token === ")" && --depth === 0) return index;
  }
  return sql.length;
}
