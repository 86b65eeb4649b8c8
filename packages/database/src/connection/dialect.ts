import type { AbstractSqlConnection } from "@mikro-orm/sql";

/** The Kysely dialect under MikroORM's connections; named through MikroORM, so that there is only its copy of Kysely. */
export type Dialect = Awaited<ReturnType<AbstractSqlConnection["createKyselyDialect"]>>;

/** What opens connections and begins and ends transactions on them. */
export type DialectDriver = ReturnType<Dialect["createDriver"]>;

/** One connection to one database. */
export type DialectConnection = Awaited<ReturnType<DialectDriver["acquireConnection"]>>;

/** One SQL statement as a connection takes it. */
export type Statement = Parameters<DialectConnection["executeQuery"]>[0];

/** What a statement gives. */
export interface StatementResult<Row> {
  readonly rows: Row[];
  readonly numAffectedRows?: bigint;
  readonly numChangedRows?: bigint;
  readonly insertId?: bigint;
}

/** What compiles queries for a dialect, without a database behind it. */
export type DialectGrammar = Omit<Dialect, "createDriver">;

/** Runs one statement of SQL text and gives its rows. */
export type RunSql = <Row>(sql: string) => Promise<readonly Row[]>;

/** Makes a function that runs SQL text on one connection. */
export function sqlRunner(connection: DialectConnection): RunSql {
  return async <Row>(sql: string) => (await connection.executeQuery<Row>(statement(sql))).rows;
}

/** Makes a statement without parameters out of SQL text. */
export function statement(sql: string): Statement {
  const query = Object.freeze({
    kind: "RawNode",
    sqlFragments: Object.freeze([sql]),
    parameters: none,
  });
  return Object.freeze({ sql, parameters: none, query, queryId: rawQuery }) as Statement;
}

const none: readonly never[] = Object.freeze([]);
const rawQuery = Object.freeze({ queryId: "af-tenancy" });
