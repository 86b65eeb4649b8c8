import type { CopiedColumn, CopiedTable, CopyDialect, RunSql } from "@af-tenancy/database";
import { quoted } from "./quoted.ts";

/** How rows are copied on MySQL and MariaDB, as their own tools for dumps do. */
export const copyDialect = Object.freeze<CopyDialect>({
  settings: [
    "set session time_zone = '+00:00'",
    "set session sql_mode = 'NO_AUTO_VALUE_ON_ZERO'",
    "set session foreign_key_checks = 0",
  ],
  quote: quoted,
  tables,
  async obstacle(run) {
    const [found] = await run<{ readonly name: string }>(sequences);
    return found && `the sequence "${found.name}" is not copied`;
  },
  async changes(run) {
    const [found] = await run<{ readonly name: string }>(insertTriggers);
    return found && `the trigger "${found.name}" may change rows that are inserted`;
  },
  empty: (emptied) => emptied.map(({ name }) => `delete from ${quoted(name)}`),
  read({ name }, columns, where) {
    const values = columns.map((one, index) => `${asText(one)} as c${index}`);
    return `select ${values.join(", ")} from ${quoted(name)}${where === undefined ? "" : ` where ${where}`}`;
  },
  insert({ name }, columns, rows) {
    const into = `${quoted(name)} (${columns.map((one) => quoted(one.name)).join(", ")})`;
    const row = `(${columns.map(fromText).join(", ")})`;
    return {
      sql: `insert into ${into} values ${rows.map(() => row).join(", ")}`,
      parameters: rows.flat(),
    };
  },
  /** A key that was given and taken away again is not given a second time. */
  async count(source, target) {
    for (const { name, next } of await source<{ readonly name: string; readonly next: unknown }>(
      counters,
    )) {
      await target(`alter table ${quoted(name)} auto_increment = ${Number(next)}`);
    }
  },
});

/** Bytes as digits, since no text has them all; a float as the double that it is, which has more digits as text. */
function asText({ name, type }: CopiedColumn): string {
  const column = quoted(name);
  if (isBytes(type)) return `hex(${column})`;
  if (type.startsWith("bit")) return `cast(${column} + 0 as char)`;
  if (type.startsWith("float")) return `cast(cast(${column} as double) as char)`;
  return `cast(${column} as char)`;
}

function fromText({ type }: CopiedColumn): string {
  if (isBytes(type)) return "unhex(?)";
  return type.startsWith("bit") ? "cast(? as unsigned)" : "?";
}

function isBytes(type: string): boolean {
  return /binary|blob|geometry|point|linestring|polygon|geomcollection|vector/.test(type);
}

async function tables(run: RunSql): Promise<readonly CopiedTable[]> {
  const columns = await run<ColumnRow>(ownColumns);
  const names = [...new Set(columns.map(({ tab }) => tab))];
  return names.map((name) => {
    const own = columns.filter(({ tab }) => tab === name);
    return {
      name,
      columns: own
        .filter(({ computed }) => Number(computed) === 0)
        .map(({ col, type, nullable }) => ({ name: col, type, required: nullable === "NO" })),
      key: own.filter(({ part }) => part === "PRI").map(({ col }) => col),
      references: [],
    };
  });
}

interface ColumnRow {
  readonly tab: string;
  readonly col: string;
  readonly type: string;
  readonly nullable: string;
  readonly part: string;
  readonly computed: unknown;
}

const ownColumns =
  "select c.table_name as tab, c.column_name as col, c.column_type as type, c.is_nullable as nullable, " +
  "c.column_key as part, coalesce(c.generation_expression, '') <> '' as computed from information_schema.columns c " +
  "join information_schema.tables t on t.table_schema = c.table_schema and t.table_name = c.table_name " +
  "and t.table_type = 'BASE TABLE' where c.table_schema = database() order by c.table_name, c.ordinal_position";

const sequences =
  "select table_name as name from information_schema.tables where table_schema = database() " +
  "and table_type = 'SEQUENCE' limit 1";

const insertTriggers =
  "select trigger_name as name from information_schema.triggers where trigger_schema = database() " +
  "and event_manipulation = 'INSERT' limit 1";

const counters =
  "select table_name as name, auto_increment as next from information_schema.tables " +
  "where table_schema = database() and auto_increment > 1";
