import type {
  CopiedColumn,
  CopiedTable,
  CopyDialect,
  CopyStatement,
  Rows,
  RunSql,
} from "@af-tenancy/database";
import { literal, quoted } from "./quoted.ts";

/**
 * How PostgreSQL's rows are copied: every type can be read as text and made of it again, in the session settings that all
 * our connections have.
 */
export const copyDialect = Object.freeze<CopyDialect>({
  settings: [],
  quote: quoted,
  tables,
  hold: (held) =>
    `lock table ${held.map(({ name }) => quoted(name)).join(", ")} in access share mode`,
  async changes(run, isShared) {
    if (!isShared) return undefined;
    const [found] = await run<{ readonly name: string }>(insertTriggers);
    return found && `the trigger "${found.name}" may change rows that are inserted`;
  },
  empty: (emptied) => [`truncate ${emptied.map(({ name }) => quoted(name)).join(", ")}`],
  async quiet(run) {
    const found = await run<{ readonly name: string; readonly table: string }>(ownTriggers);
    const all = found.map(({ name, table }) => [`alter table ${quoted(table)}`, quoted(name)]);
    for (const [alter, name] of all) await run(`${alter} disable trigger ${name}`);
    return all.map(([alter, name]) => `${alter} enable trigger ${name}`);
  },
  read({ name, isDivided }, columns, where) {
    const values = columns.map((one, index) => `${quoted(one.name)}::text as c${index}`);
    const only = isDivided ? "" : "only ";
    return `select ${values.join(", ")} from ${only}${quoted(name)}${where === undefined ? "" : ` where ${where}`}`;
  },
  insert({ name }, columns, rows) {
    const into = `${quoted(name)} (${columns.map((one) => quoted(one.name)).join(", ")})`;
    const values = columns.map(({ type }, index) => `x.c${index}::${type}`);
    const sql = `insert into ${into} overriding system value select ${values.join(", ")} from`;
    return withRows(sql, columns, rows, "");
  },
  set({ name }, key, columns, rows) {
    const value = ({ type }: CopiedColumn, index: number) => `x.c${index}::${type}`;
    const set = columns.map(
      (one, index) => `${quoted(one.name)} = ${value(one, key.length + index)}`,
    );
    const where = key.map((one, index) => `t.${quoted(one.name)} = ${value(one, index)}`);
    const sql = `update ${quoted(name)} as t set ${set.join(", ")} from`;
    return withRows(sql, [...key, ...columns], rows, ` where ${where.join(" and ")}`);
  },
  async count(source, target) {
    const found = await source<{ readonly name: string; readonly value: string }>(
      "select sequencename as name, last_value::text as value from pg_sequences " +
        "where schemaname = current_schema() and last_value is not null",
    );
    for (const { name, value } of found) {
      await target(
        `select setval(c.oid::regclass, ${value}, true) from pg_class c join pg_namespace n on n.oid = c.relnamespace ` +
          `where n.nspname = current_schema() and c.relkind = 'S' and c.relname = ${literal(name)}`,
      );
    }
  },
});

/** One array for each column, so that a statement is the same however many rows there are. */
function withRows(
  sql: string,
  columns: readonly CopiedColumn[],
  rows: Rows,
  rest: string,
): CopyStatement {
  const arrays = columns.map((_, index) => `$${index + 1}::text[]`).join(", ");
  const names = columns.map((_, index) => `c${index}`).join(", ");
  return {
    sql: `${sql} unnest(${arrays}) as x (${names})${rest}`,
    parameters: columns.map((_, index) => rows.map((row) => row[index])),
  };
}

async function tables(run: RunSql): Promise<readonly CopiedTable[]> {
  const [columns, keys] = [await run<ColumnRow>(ownColumns), await run<KeyRow>(ownKeys)];
  const names = [...new Set(columns.map(({ table }) => table))];
  return names.map((name) => {
    const own = columns.filter(({ table }) => table === name);
    const found = keys.filter(({ table }) => table === name);
    return {
      name,
      columns: own.map(({ column, type, required }) => ({ name: column, type, required })),
      key: found.find(({ target }) => target === null)?.columns ?? [],
      references: found.flatMap(({ target, columns: names }) =>
        target === null ? [] : [{ table: target, columns: names }],
      ),
      isDivided: own.some(({ divided }) => divided),
    };
  });
}

interface ColumnRow {
  readonly table: string;
  readonly column: string;
  readonly type: string;
  readonly required: boolean;
  readonly divided: boolean;
}

interface KeyRow {
  readonly table: string;
  /** What a foreign key refers to; `null` for a primary key. */
  readonly target: string | null;
  readonly columns: readonly string[];
}

const ownTables =
  "pg_class c join pg_namespace n on n.oid = c.relnamespace and n.nspname = current_schema() " +
  "and c.relkind in ('r', 'p') and not c.relispartition";

const ownColumns =
  'select c.relname::text as "table", a.attname::text as "column", format_type(a.atttypid, a.atttypmod) as type, ' +
  `a.attnotnull as required, c.relkind = 'p' as divided from ${ownTables} join pg_attribute a on a.attrelid = c.oid ` +
  "and a.attnum > 0 and not a.attisdropped and a.attgenerated = '' order by c.relname, a.attnum";

const ownKeys =
  'select c.relname::text as "table", t.relname::text as target, array(select a.attname::text from unnest(k.conkey) ' +
  "with ordinality as o (attnum, place) join pg_attribute a on a.attrelid = c.oid and a.attnum = o.attnum " +
  `order by o.place) as columns from ${ownTables} join pg_constraint k on k.conrelid = c.oid and k.contype in ('p', 'f') ` +
  "left join pg_class t on t.oid = k.confrelid order by k.conname";

const ownTriggers =
  `select g.tgname::text as name, c.relname::text as "table" from ${ownTables} join pg_trigger g on g.tgrelid = c.oid ` +
  "and not g.tgisinternal and g.tgenabled = 'O'";

/** 4 is the bit of triggers on insert. */
const insertTriggers = `${ownTriggers} and g.tgtype::int & 4 <> 0 limit 1`;
