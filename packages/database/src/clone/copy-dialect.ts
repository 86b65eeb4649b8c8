import type { RunSql, Statement } from "../connection/dialect.ts";

/**
 * How an engine's rows are read by one connection and written by another, each value as text, so that none of them is
 * changed by the way that a client sees it.
 */
export interface CopyDialect {
  /** SQL for each of the two connections, which are closed afterwards, before its transaction. */
  readonly settings: readonly string[];
  quote(name: string): string;
  /** Gives the tables of the connection's database or schema. */
  tables(run: RunSql): Promise<readonly CopiedTable[]>;
  /** SQL that keeps tables from being changed, but not their rows, until the transaction ends. */
  hold?(tables: readonly CopiedTable[]): string;
  /** Tells what a database has besides tables that a copy would lack; `undefined` where that is nothing. */
  obstacle?(run: RunSql): Promise<string | undefined>;
  /** Tells what would change rows that are written; `undefined` where nothing does. */
  changes?(run: RunSql, isShared: boolean): Promise<string | undefined>;
  /** SQL that takes every row out of the tables of a database that is one tenant's. */
  empty(tables: readonly CopiedTable[]): readonly string[];
  /** Has tables of one tenant's database take rows as they are; gives SQL that undoes it, in the same transaction. */
  quiet?(run: RunSql): Promise<readonly string[]>;
  /** SQL that reads a table, each value as text under the names `c0`, `c1` and so on. */
  read(table: CopiedTable, columns: readonly CopiedColumn[], where: string | undefined): string;
  /** A statement that inserts rows. */
  insert(table: CopiedTable, columns: readonly CopiedColumn[], rows: Rows): CopyStatement;
  /** A statement that sets columns of rows, whose values come after those of the key. */
  set?(
    table: CopiedTable,
    key: readonly CopiedColumn[],
    columns: readonly CopiedColumn[],
    rows: Rows,
  ): CopyStatement;
  /** Has counters of a tenant's own database go on where the other's are; run after the rows are kept. */
  count(source: RunSql, target: RunSql): Promise<void>;
}

/** A table as it is copied. */
export interface CopiedTable {
  readonly name: string;
  /** Those whose values are not computed, in the same order in every database. */
  readonly columns: readonly CopiedColumn[];
  /** Names of the columns of its primary key. */
  readonly key: readonly string[];
  /** What its rows refer to, where that has to be there first. */
  readonly references: readonly CopiedReference[];
  /** Its rows are in other tables, which are parts of it. */
  readonly isDivided?: boolean;
}

/** A column as it is copied. */
export interface CopiedColumn {
  readonly name: string;
  /** Its type as SQL writes it. */
  readonly type: string;
  readonly required: boolean;
}

/** A foreign key of a table. */
export interface CopiedReference {
  readonly table: string;
  readonly columns: readonly string[];
}

/** Rows whose values are text in the order of the columns. */
export type Rows = readonly (readonly (string | null)[])[];

/** A statement and the values in it. */
export type CopyStatement = Pick<Statement, "sql" | "parameters">;

/** How an engine copies the rows of one tenant to another one in the same tables. */
export interface InPlaceDialect {
  /** SQL for a transaction in which references are checked at its end. */
  readonly settings: readonly string[];
  /** Gives the columns of a table whose values are not computed. */
  columns(run: RunSql, table: string): Promise<readonly string[]>;
  /** SQL that gives the number of the last of so many rows after a number, as `last`; `null` where there is none. */
  last(table: string, where: string, after: number, limit: number): string;
  /** The condition of the rows between two numbers, the second one included. */
  between(after: number, last: number): string;
}
