import { setImmediate } from "node:timers/promises";
import { type ForgottenLease, isThenable, type MaybePromise } from "@af-tenancy/core";
import { StreamEndedError } from "../errors.ts";
import { TransactionLeftOpenError, TransactionOverError } from "../transaction-errors.ts";
import { checkTransactionStatement } from "./check-transaction-statement.ts";
import type { ConnectionLease } from "./connection-lease.ts";
import type { DialectConnection, DialectDriver, Statement, StatementResult } from "./dialect.ts";
import type { LeaseScope } from "./lease-scope.ts";

/** A connection in the hands of one scope: no statement is sent after the scope has ended. */
export class LeasedConnection implements DialectConnection, ForgottenLease {
  readonly #lease: ConnectionLease;
  readonly #scope: LeaseScope;
  readonly #end: () => void;
  #given = false;
  #inTransaction = false;
  /** Its transaction is being ended: what came now would be sent after that, and stay by itself. */
  #isEnding = false;
  /** Its transaction could not be ended: whether it is still there, nobody knows, and it has to be taken back. */
  #isDoubtful = false;
  /** Its transaction was ended, and it may be given back in a moment. */
  #isOver = false;
  #streams: Set<AsyncGenerator<unknown>> | undefined;

  /** `end` tells the scope that the lease is over. */
  constructor(lease: ConnectionLease, scope: LeaseScope, end: () => void) {
    this.#lease = lease;
    this.#scope = scope;
    this.#end = end;
  }

  /** A transaction or a stream was begun on it, and nobody is about to end it. */
  get isForgotten(): boolean {
    return this.#inTransaction || Boolean(this.#streams?.size);
  }

  /** It is its user's already, or its source's. */
  get isGiven(): boolean {
    return this.#given;
  }

  get driver(): DialectDriver {
    return this.#lease.driver;
  }

  /**
   * The driver's own connection; throws as `held` does, and `TransactionOverError` while its transaction is ended, and from
   * then on where it could not be.
   */
  get live(): DialectConnection {
    if (this.#isEnding || this.#isDoubtful) throw new TransactionOverError();
    return this.held;
  }

  /**
   * The driver's own connection; throws `ContextEndedError` once the scope has ended, and `TransactionOverError` once it was
   * given back: from then on it is somebody else's, maybe another tenant's.
   */
  get held(): DialectConnection {
    this.#assertLive();
    if (this.#given) throw new TransactionOverError();
    return this.#lease.connection;
  }

  /** The driver's own connection, for taking back what was begun. */
  get raw(): DialectConnection {
    return this.#lease.connection;
  }

  executeQuery<Row>(query: Statement): Promise<StatementResult<Row>> {
    try {
      checkTransactionStatement(query.sql, this.#inTransaction);
      if (this.#isOver) return this.#afterwards(query);
      return this.live.executeQuery<Row>(query);
    } catch (error) {
      return Promise.reject(error);
    }
  }

  async *streamQuery<Row>(
    query: Statement,
    chunkSize: number,
  ): AsyncGenerator<StatementResult<Row>> {
    const stream = this.live.streamQuery<Row>(query, chunkSize) as AsyncGenerator<
      StatementResult<Row>
    >;
    this.#streams ??= new Set();
    this.#streams.add(stream);
    this.#assertLive();
    try {
      for (;;) {
        const { done, value } = await stream.next();
        if (done) return;
        yield value;
        this.#assertLive();
        if (!this.#streams.has(stream)) throw new StreamEndedError();
      }
    } finally {
      this.#streams.delete(stream);
      await stream.return(undefined);
    }
  }

  /** Begins a transaction, which from then on can be forgotten; throws `ContextEndedError` once the scope has ended. */
  async begin(begin: () => Promise<void>): Promise<void> {
    await begin();
    this.#inTransaction = true;
    this.#isOver = false;
    this.#assertLive();
  }

  /** Ends the transaction as `end` does; throws `TransactionOverError` where that failed before. */
  async commit(commit: () => Promise<void>): Promise<void> {
    if (this.#isDoubtful) throw new TransactionOverError();
    await this.end(commit);
  }

  /**
   * Ends the transaction, after the streams that were read in it: no server takes anything else meanwhile. One that could
   * not be ended has still to be taken back, and can be forgotten.
   */
  async end(end: () => Promise<void>): Promise<void> {
    this.#inTransaction = false;
    this.#isEnding = true;
    try {
      await this.#endStreams();
      await end();
      this.#isDoubtful = false;
    } catch (error) {
      this.#inTransaction = true;
      this.#isDoubtful = true;
      if (!this.#given) this.#scope.lease()();
      throw error;
    } finally {
      this.#isEnding = false;
      this.#isOver = true;
    }
  }

  /** Gives the connection back; a second call does nothing. Gives a promise only when there is something to wait for. */
  release(): MaybePromise<void> {
    if (this.#given) return;
    this.#given = true;
    if (this.#streams?.size)
      return this.#endAfter(this.#endStreams().then(() => this.#lease.release()));
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

  /** Takes back what its user has left open; throws `TransactionLeftOpenError` where that was a transaction. */
  async abandon(): Promise<void> {
    const wasInTransaction = this.#inTransaction;
    await this.release();
    if (wasInTransaction) throw new TransactionLeftOpenError();
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

  /** Who had it for a transaction gives it back at once, and who has it for longer goes on. */
  async #afterwards<Row>(query: Statement): Promise<StatementResult<Row>> {
    await setImmediate();
    this.#isOver = false;
    return this.live.executeQuery<Row>(query);
  }

  async #endStreams(): Promise<void> {
    const streams = [...(this.#streams ?? [])];
    this.#streams?.clear();
    await Promise.allSettled(streams.map((stream) => stream.return(undefined)));
  }

  async #endAfter(releasing: PromiseLike<void>): Promise<void> {
    try {
      await releasing;
    } finally {
      this.#end();
    }
  }

  /**
   * A scope grants no further lease from its end on. Its signal tells the same, and costs an error at every end. Giving
   * the lease back at once has the scope look whether it waits for nothing but what was forgotten.
   */
  #assertLive(): void {
    this.#scope.lease()();
  }
}
