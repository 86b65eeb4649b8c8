import type {
  Dialect,
  DialectConnection,
  DialectDriver,
  Statement,
  StatementResult,
} from "../connection/dialect.ts";
import type { ScopedSql } from "./scoped-sql.ts";

/** Lets only signed statements through to a dialect, whoever sends them: MikroORM, Kysely or a transaction. */
export function guardedDialect(dialect: Dialect, signing: ScopedSql): Dialect {
  return {
    createDriver: () => guardedDriver(dialect.createDriver(), signing),
    createQueryCompiler: () => dialect.createQueryCompiler(),
    createAdapter: () => dialect.createAdapter(),
    createIntrospector: (database) => dialect.createIntrospector(database),
  };
}

function guardedDriver(driver: DialectDriver, signing: ScopedSql): DialectDriver {
  return {
    init: () => driver.init(),
    acquireConnection: async () => new GuardedConnection(await driver.acquireConnection(), signing),
    releaseConnection: (connection) => driver.releaseConnection(inside(connection)),
    beginTransaction: (connection, settings) =>
      driver.beginTransaction(inside(connection), settings),
    commitTransaction: (connection) => driver.commitTransaction(inside(connection)),
    rollbackTransaction: (connection) => driver.rollbackTransaction(inside(connection)),
    savepoint: async (connection, name, compile) =>
      driver.savepoint?.(inside(connection), name, compile),
    rollbackToSavepoint: async (connection, name, compile) =>
      driver.rollbackToSavepoint?.(inside(connection), name, compile),
    releaseSavepoint: async (connection, name, compile) =>
      driver.releaseSavepoint?.(inside(connection), name, compile),
    destroy: () => driver.destroy(),
  };
}

class GuardedConnection implements DialectConnection {
  readonly inside: DialectConnection;
  readonly #signing: ScopedSql;

  constructor(inside: DialectConnection, signing: ScopedSql) {
    this.inside = inside;
    this.#signing = signing;
  }

  async executeQuery<Row>(query: Statement): Promise<StatementResult<Row>> {
    return this.inside.executeQuery<Row>(this.#unsigned(query));
  }

  streamQuery<Row>(
    query: Statement,
    chunkSize: number,
  ): AsyncIterableIterator<StatementResult<Row>> {
    return this.inside.streamQuery<Row>(this.#unsigned(query), chunkSize);
  }

  #unsigned(query: Statement): Statement {
    return { ...query, sql: this.#signing.unsign(query.sql) };
  }
}

/** Kysely hands back only what `acquireConnection` gave it. */
function inside(connection: DialectConnection): DialectConnection {
  return (connection as GuardedConnection).inside;
}
