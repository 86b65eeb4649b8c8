import type {
  DialectConnection,
  DialectDriver,
  Statement,
  StatementResult,
} from "../connection/dialect.ts";

/**
 * Stands in for a database of a server in the self-test: whatever it is asked, it answers with one row that says whose
 * connection was asked, so that a query on the wrong one is seen without a server.
 */
export class EchoingDriver implements DialectDriver {
  readonly #connection: DialectConnection;

  constructor(owner: string) {
    const rows = [{ id: 1, owner }];
    this.#connection = {
      async executeQuery<Row>(_: Statement): Promise<StatementResult<Row>> {
        return { rows: rows as Row[], numAffectedRows: 1n, insertId: 1n };
      },
      async *streamQuery<Row>(): AsyncGenerator<StatementResult<Row>> {
        yield { rows: rows as Row[] };
      },
    };
  }

  async init(): Promise<void> {}

  async acquireConnection(): Promise<DialectConnection> {
    return this.#connection;
  }

  async releaseConnection(): Promise<void> {}

  async beginTransaction(): Promise<void> {}

  async commitTransaction(): Promise<void> {}

  async rollbackTransaction(): Promise<void> {}

  async destroy(): Promise<void> {}
}
