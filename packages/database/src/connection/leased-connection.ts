import { isThenable, type MaybePromise } from "@af-tenancy/core";
import type { ConnectionLease } from "./connection-lease.ts";
import type { DialectConnection, DialectDriver, Statement, StatementResult } from "./dialect.ts";
import type { LeaseScope } from "./lease-scope.ts";

/** A connection in the hands of one scope: no statement is sent after the scope has ended. */
export class LeasedConnection implements DialectConnection {
  readonly #lease: ConnectionLease;
  readonly #scope: LeaseScope;
  readonly #end: () => void;
  #given = false;

  /** `end` tells the scope that the lease is over. */
  constructor(lease: ConnectionLease, scope: LeaseScope, end: () => void) {
    this.#lease = lease;
    this.#scope = scope;
    this.#end = end;
  }

  get driver(): DialectDriver {
    return this.#lease.driver;
  }

  /** The driver's own connection; throws `ContextEndedError` once the scope has ended. */
  get live(): DialectConnection {
    this.#assertLive();
    return this.#lease.connection;
  }

  /** The driver's own connection, for taking back what was begun. */
  get raw(): DialectConnection {
    return this.#lease.connection;
  }

  executeQuery<Row>(query: Statement): Promise<StatementResult<Row>> {
    try {
      return this.live.executeQuery<Row>(query);
    } catch (error) {
      return Promise.reject(error);
    }
  }

  async *streamQuery<Row>(
    query: Statement,
    chunkSize: number,
  ): AsyncGenerator<StatementResult<Row>> {
    for await (const chunk of this.live.streamQuery<Row>(query, chunkSize)) {
      yield chunk;
      this.#assertLive();
    }
  }

  /** Gives the connection back; a second call does nothing. Gives a promise only when there is something to wait for. */
  release(): MaybePromise<void> {
    if (this.#given) return;
    this.#given = true;
    let releasing: MaybePromise<void>;
    try {
      releasing = this.#lease.release();
    } catch (error) {
      this.#end();
      throw error;
    }
    if (isThenable(releasing)) return this.#endAfter(releasing);
    this.#end();
  }

  /** Closes the connection instead of giving it back. */
  async destroy(): Promise<void> {
    if (this.#given) return;
    this.#given = true;
    try {
      await this.#lease.destroy();
    } finally {
      this.#end();
    }
  }

  async #endAfter(releasing: PromiseLike<void>): Promise<void> {
    try {
      await releasing;
    } finally {
      this.#end();
    }
  }

  /** A scope grants no further lease from its end on. Its signal tells the same, and costs an error at every end. */
  #assertLive(): void {
    this.#scope.lease()();
  }
}
