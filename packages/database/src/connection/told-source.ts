import { isThenable, type TenantDatabase } from "@af-tenancy/core";
import type { ConnectionLease } from "./connection-lease.ts";
import type { ConnectionSource } from "./connection-source.ts";
import type { DialectConnection, Statement, StatementResult } from "./dialect.ts";
import { queryChannel, statementHead } from "./query-channel.ts";
import { type WrappedConnection, wrappedDriver } from "./wrapped-driver.ts";

/** The same leases; each statement on them is told of. `quote` stands around names in its SQL. */
export function toldSource(
  source: ConnectionSource,
  database: TenantDatabase,
  quote: string,
): ConnectionSource {
  const tell = (connection: DialectConnection) => new ToldConnection(connection, database, quote);
  return {
    lease(request) {
      const lease = source.lease(request);
      return isThenable(lease) ? lease.then((one) => told(one, tell)) : told(lease, tell);
    },
  };
}

function told(
  lease: ConnectionLease,
  tell: (connection: DialectConnection) => ToldConnection,
): ConnectionLease {
  return {
    connection: tell(lease.connection),
    driver: wrappedDriver(lease.driver, tell),
    release: () => lease.release(),
    destroy: () => lease.destroy(),
    onTaken: (listener) => lease.onTaken?.(listener),
  };
}

class ToldConnection implements WrappedConnection {
  readonly inside: DialectConnection;
  readonly #database: TenantDatabase;
  readonly #quote: string;

  constructor(inside: DialectConnection, database: TenantDatabase, quote: string) {
    this.inside = inside;
    this.#database = database;
    this.#quote = quote;
  }

  async executeQuery<Row>(query: Statement): Promise<StatementResult<Row>> {
    const tell = this.#begin(query);
    try {
      const result = await this.inside.executeQuery<Row>(query);
      tell({});
      return result;
    } catch (error) {
      tell({ error });
      throw error;
    }
  }

  /** Told when it is over, with the time that its reader took. */
  async *streamQuery<Row>(
    query: Statement,
    chunkSize: number,
  ): AsyncGenerator<StatementResult<Row>> {
    const tell = this.#begin(query);
    try {
      yield* this.inside.streamQuery<Row>(query, chunkSize);
    } finally {
      tell({});
    }
  }

  #begin({ sql }: Statement): (more: { readonly error?: unknown }) => void {
    const { tenantId, placement } = this.#database;
    const { server, name } = placement;
    const begun = performance.now();
    return (more) =>
      queryChannel.publish({
        ...{ statement: statementHead(sql, this.#quote), server, tenantId, name },
        ...{ milliseconds: performance.now() - begun, ...more },
      });
  }
}
