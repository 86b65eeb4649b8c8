import type {
  Dialect,
  DialectConnection,
  Statement,
  StatementResult,
} from "../connection/dialect.ts";
import { type WrappedConnection, wrappedDriver } from "../connection/wrapped-driver.ts";
import type { ScopedSql } from "./scoped-sql.ts";

/** Lets only signed statements through to a dialect, whoever sends them: MikroORM, Kysely or a transaction. */
export function guardedDialect(dialect: Dialect, signing: ScopedSql): Dialect {
  return {
    createDriver: () =>
      wrappedDriver(
        dialect.createDriver(),
        (connection) => new GuardedConnection(connection, signing),
      ),
    createQueryCompiler: () => dialect.createQueryCompiler(),
    createAdapter: () => dialect.createAdapter(),
    createIntrospector: (database) => dialect.createIntrospector(database),
  };
}

class GuardedConnection implements WrappedConnection {
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
