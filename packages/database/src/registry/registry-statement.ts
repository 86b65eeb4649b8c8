import { isRaw } from "@mikro-orm/sql";
import type { RegistryTable } from "./registry-table.ts";

/** A statement with a question mark for each of its values. */
export interface RegistryStatement {
  readonly sql: string;
  readonly values: readonly unknown[];
}

/** What adds rows that have a value for the same columns. */
export function insertion<Row>(
  table: RegistryTable<Row>,
  rows: readonly Partial<Row>[],
): RegistryStatement {
  const keys = Object.keys(rows[0] ?? {});
  const values: unknown[] = [];
  const written = rows.map((row) => {
    const given = keys.map((key) => expressionOf((row as Fields)[key], values));
    return `(${given.join(", ")})`;
  });
  const names = keys.map((key) => nameOf(table, key));
  return {
    sql: `insert into ${table.name} (${names.join(", ")}) values ${written.join(", ")}`,
    values,
  };
}

/** What takes away the rows whose columns are as they are given. */
export function deletion<Row>(table: RegistryTable<Row>, where: Partial<Row>): RegistryStatement {
  const { sql, values } = conditionOf(table, where);
  return { sql: `delete from ${table.name} where ${sql}`, values };
}

/** What changes the rows whose columns are as they are given. */
export function updating<Row>(
  table: RegistryTable<Row>,
  where: Partial<Row>,
  changes: Partial<Row>,
): RegistryStatement {
  const values: unknown[] = [];
  const set = Object.keys(changes).map(
    (key) => `${nameOf(table, key)} = ${expressionOf((changes as Fields)[key], values)}`,
  );
  const condition = conditionOf(table, where);
  return {
    sql: `update ${table.name} set ${set.join(", ")} where ${condition.sql}`,
    values: [...values, ...condition.values],
  };
}

/** What holds of the rows whose columns are as they are given. */
export function conditionOf<Row>(
  table: RegistryTable<Row>,
  where: Partial<Row>,
): RegistryStatement {
  const values: unknown[] = [];
  const parts = Object.keys(where).map((key) => {
    const value = (where as Fields)[key];
    const name = nameOf(table, key);
    return value === null ? `${name} is null` : `${name} = ${expressionOf(value, values)}`;
  });
  return { sql: parts.join(" and "), values };
}

/** SQL that is given as such stands for itself; any other value goes beside the statement. */
function expressionOf(value: unknown, values: unknown[]): string {
  if (isRaw(value)) {
    values.push(...value.params);
    return value.sql;
  }
  values.push(value);
  return "?";
}

type Fields = Readonly<Record<string, unknown>>;

function nameOf<Row>(table: RegistryTable<Row>, key: string): string {
  return table.columns.get(key)?.name ?? key;
}
