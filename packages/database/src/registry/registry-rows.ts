import type { Transaction } from "@mikro-orm/core";
import {
  type AbstractSqlConnection,
  type AbstractSqlDriver,
  isRaw,
  UniqueConstraintViolationException,
} from "@mikro-orm/sql";
import type { RegistryTransactions } from "./registry-driver.ts";
import type { RegistryTable } from "./registry-table.ts";
import { runBound } from "./run-bound.ts";

/** A statement with a question mark for each of its values. */
export interface RegistryStatement {
  readonly sql: string;
  readonly values: readonly unknown[];
}

/** Where rows are written and read. */
export interface RegistryPlace {
  readonly driver: AbstractSqlDriver;
  readonly connection: AbstractSqlConnection;
  /** Absent for what is read on its own. */
  readonly transaction?: Transaction;
}

/**
 * Writes and reads single rows with the shortest statements there are, and no entities: nearly all that is done to a
 * registry is of this kind, and making a query of an entity takes longer than the database needs to answer it.
 */
export class RegistryRows {
  readonly #place: RegistryPlace;
  readonly #transactions: RegistryTransactions;

  constructor(place: RegistryPlace, transactions: RegistryTransactions) {
    this.#place = place;
    this.#transactions = transactions;
  }

  /** Gives the row whose columns are as they are given. */
  async find<Row>(table: RegistryTable<Row>, where: Partial<Row>): Promise<Row | undefined> {
    const [row] = await this.list(table, where, "limit 1");
    return row;
  }

  /** Gives all rows whose columns are as they are given. */
  async list<Row>(
    table: RegistryTable<Row>,
    where: Partial<Row>,
    rest = "",
  ): Promise<readonly Row[]> {
    const { sql, values } = conditionOf(table, where);
    return this.select(table, { sql: `${sql} ${rest}`, values });
  }

  /** Gives the rows of which SQL says what holds, in what order, and how many they are at most. */
  async select<Row>(
    table: RegistryTable<Row>,
    { sql, values }: RegistryStatement,
  ): Promise<readonly Row[]> {
    const found = await this.#read({ sql: `select * from ${table.name} where ${sql}`, values });
    return found.map(table.read);
  }

  /** Adds rows. */
  async insert<Row>(table: RegistryTable<Row>, ...rows: readonly Partial<Row>[]): Promise<void> {
    await this.#write(insertion(table, rows));
  }

  /** Adds a row and gives the number that the database gave it in a column of its own choice. */
  async number<Row>(
    table: RegistryTable<Row>,
    row: Partial<Row>,
    column: keyof Row & string,
  ): Promise<number> {
    const statement = insertion(table, [row]);
    if (!this.#transactions.returning) return Number((await this.#write(statement)).insertId);
    const sql = `${statement.sql} returning ${table.columns.get(column)?.name}`;
    const [given] = await this.#read({ ...statement, sql });
    return Number(given?.[table.columns.get(column)?.field ?? ""]);
  }

  /** Changes the one row that has the key, where the rest of `where` holds; gives it as it is then. */
  async update<Row>(
    table: RegistryTable<Row>,
    key: Partial<Row>,
    where: Partial<Row>,
    changes: Partial<Row>,
  ): Promise<Row | undefined> {
    const statement = updating(table, { ...key, ...where }, changes);
    if (this.#transactions.returning) {
      const [row] = await this.#read({ ...statement, sql: `${statement.sql} returning *` });
      return row && table.read(row);
    }
    const { affectedRows } = await this.#write(statement);
    return affectedRows === 0 ? undefined : this.find(table, key);
  }

  /** Changes the rows that have the key. */
  async set<Row>(
    table: RegistryTable<Row>,
    key: Partial<Row>,
    changes: Partial<Row>,
  ): Promise<void> {
    await this.#write(updating(table, key, changes));
  }

  /**
   * Runs all of the statements or, when a unique constraint refuses one, none, and throws what `conflict` finds to be in
   * the way. The transaction around it stays usable.
   */
  async attempt(
    statements: readonly RegistryStatement[],
    conflict: () => Promise<Error | undefined>,
  ): Promise<void> {
    const { endsWhenRefused } = this.#transactions;
    const isMarked = endsWhenRefused || statements.length > 1;
    const marked = isMarked ? [statementOf(mark), ...statements, statementOf(unmark)] : statements;
    try {
      // Where a refusal would end the transaction, one message may hold several statements, and costs one answer.
      if (endsWhenRefused) await this.#write(joined(marked));
      else for (const statement of marked) await this.#write(statement);
    } catch (error) {
      if (!(error instanceof UniqueConstraintViolationException)) throw error;
      if (isMarked) await this.#write(statementOf(backToMark));
      throw (await conflict()) ?? error;
    }
  }

  async #read(statement: RegistryStatement): Promise<Record<string, unknown>[]> {
    if (!this.#transactions.bindsValues) return this.#run(statement, "all");
    return (await runBound<Record<string, unknown>>(this.#place, statement)).rows;
  }

  async #write(statement: RegistryStatement): Promise<Written> {
    if (!this.#transactions.bindsValues) return this.#run(statement, "run");
    const { numAffectedRows, insertId } = await runBound(this.#place, statement);
    return { affectedRows: Number(numAffectedRows), insertId: Number(insertId) };
  }

  #run<R>({ sql, values }: RegistryStatement, method: "all" | "run"): Promise<R> {
    const { driver, connection, transaction } = this.#place;
    return driver.execute(
      sql,
      [...values],
      method,
      transaction,
      undefined,
      connection,
    ) as Promise<R>;
  }
}

interface Written {
  readonly affectedRows: number;
  readonly insertId?: number;
}

const [mark, unmark, backToMark] = [
  "savepoint af",
  "release savepoint af",
  "rollback to savepoint af",
];

function statementOf(sql: string): RegistryStatement {
  return { sql, values: [] };
}

function joined(statements: readonly RegistryStatement[]): RegistryStatement {
  return {
    sql: statements.map(({ sql }) => sql).join("; "),
    values: statements.flatMap(({ values }) => values),
  };
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

function updating<Row>(
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
