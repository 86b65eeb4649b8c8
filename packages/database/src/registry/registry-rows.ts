import type { Transaction } from "@mikro-orm/core";
import {
  type AbstractSqlConnection,
  type AbstractSqlDriver,
  UniqueConstraintViolationException,
} from "@mikro-orm/sql";
import type { RegistryTransactions } from "./registry-driver.ts";
import { conditionOf, insertion, type RegistryStatement, updating } from "./registry-statement.ts";
import type { RegistryTable } from "./registry-table.ts";
import { runBound, type SendStatement } from "./run-bound.ts";

/** Where rows are written and read. */
export interface RegistryPlace {
  readonly driver: AbstractSqlDriver;
  readonly connection: AbstractSqlConnection;
  /** Absent for what is read on its own. */
  readonly transaction?: Transaction;
  /** Sends a statement whose values are beside it; there where the driver takes such. */
  readonly send: SendStatement | undefined;
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

  /**
   * Adds a row, or throws what `conflict` finds to be in the way when a unique constraint refuses it; gives it as it is
   * then, where it is not read by its key.
   */
  async add<Row>(
    table: RegistryTable<Row>,
    row: Partial<Row>,
    key: Partial<Row>,
    conflict: () => Promise<Error | undefined>,
  ): Promise<Row | undefined> {
    const { returning, endsWhenRefused } = this.#transactions;
    const statement = insertion(table, [row]);
    if (!returning || endsWhenRefused) {
      await this.attempt([statement], conflict);
      return this.find(table, key);
    }
    try {
      const [added] = await this.#read({ ...statement, sql: `${statement.sql} returning *` });
      return added && table.read(added);
    } catch (error) {
      if (!(error instanceof UniqueConstraintViolationException)) throw error;
      throw (await conflict()) ?? error;
    }
  }

  /** Adds a row and gives the number that the database gave it in a column of its own choice. */
  async number<Row>(
    table: RegistryTable<Row>,
    row: Partial<Row>,
    column: keyof Row & string,
  ): Promise<number> {
    const statement = insertion(table, [row]);
    const { returning, bindsValues } = this.#transactions;
    // What sends values apart from statements gives the number with the answer; a row that is returned is work of its own.
    if (!returning || bindsValues) return Number((await this.#write(statement)).insertId);
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

  /** Changes the rows whose columns are as they are given; tells whether it found any that were not so already. */
  async set<Row>(
    table: RegistryTable<Row>,
    where: Partial<Row>,
    changes: Partial<Row>,
  ): Promise<boolean> {
    return (await this.#write(updating(table, where, changes))).affectedRows > 0;
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
    const { driver, send } = this.#place;
    if (send === undefined) return this.#run(statement, "all");
    return (await runBound<Record<string, unknown>>(driver, send, statement)).rows;
  }

  async #write(statement: RegistryStatement): Promise<Written> {
    const { driver, send } = this.#place;
    if (send === undefined) return this.#run(statement, "run");
    const { numAffectedRows, insertId } = await runBound(driver, send, statement);
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
