import { type ForgottenLease, isThenable, type MaybePromise } from "@af-tenancy/core";
import { checkTransactionStatement } from "./check-transaction-statement.ts";
import type { ConnectionLease } from "./connection-lease.ts";
import type { ConnectionSource } from "./connection-source.ts";
import type { DialectConnection, DialectDriver, Statement, StatementResult } from "./dialect.ts";
import type { LeaseScope } from "./lease-scope.ts";
import { LeasedConnection } from "./leased-connection.ts";

type Settings = Parameters<DialectDriver["beginTransaction"]>[1];
type CompileQuery = Parameters<NonNullable<DialectDriver["savepoint"]>>[2];

/**
 * Gives one scope leases of connections. Whatever MikroORM, its query builder, Kysely or raw SQL send goes through
 * here, so that each query, transaction and stream holds a lease and none is sent after the scope has ended.
 */
export class LeasingDriver implements DialectDriver {
  readonly #source: ConnectionSource;
  readonly #scope: LeaseScope;

  constructor(source: ConnectionSource, scope: LeaseScope) {
    this.#source = source;
    this.#scope = scope;
  }

  async init(): Promise<void> {}

  /** Its user may forget it: the scope's end asks for that and takes it back. */
  async acquireConnection(): Promise<LeasedConnection> {
    return this.#acquire(true);
  }

  /** Runs one statement on a lease of its own. */
  async executeQuery<Row>(statement: Statement): Promise<StatementResult<Row>> {
    checkTransactionStatement(statement.sql, false);
    const acquired = this.#acquire(false);
    const isWaiting = isThenable(acquired);
    const connection = isWaiting ? await acquired : acquired;
    try {
      // The scope has granted the lease just now, or was waited for and may have ended meanwhile.
      const sender = isWaiting ? connection.live : connection.raw;
      return await sender.executeQuery<Row>(statement);
    } finally {
      const releasing = connection.release();
      if (isThenable(releasing)) await releasing;
    }
  }

  async releaseConnection(connection: DialectConnection): Promise<void> {
    await own(connection).release();
  }

  /** Kysely never gives back a connection on which a transaction could not begin, so this does. */
  async beginTransaction(connection: DialectConnection, settings: Settings): Promise<void> {
    const leased = own(connection);
    try {
      await leased.begin(() => leased.driver.beginTransaction(leased.live, settings));
    } catch (error) {
      await leased.release();
      throw error;
    }
  }

  async commitTransaction(connection: DialectConnection): Promise<void> {
    const leased = own(connection);
    await leased.commit(() => leased.driver.commitTransaction(leased.held));
  }

  /**
   * A connection whose transaction cannot be taken back is closed, and what was written on it is gone with it. One that
   * was given back has been made clean, and is somebody else's.
   */
  async rollbackTransaction(connection: DialectConnection): Promise<void> {
    const leased = own(connection);
    if (leased.isGiven) return;
    try {
      await leased.end(() => leased.driver.rollbackTransaction(leased.raw));
    } catch (error) {
      await leased.destroy();
      throw error;
    }
  }

  async savepoint(
    connection: DialectConnection,
    name: string,
    compile: CompileQuery,
  ): Promise<void> {
    const leased = own(connection);
    await leased.driver.savepoint?.(leased.live, name, compile);
  }

  async rollbackToSavepoint(
    connection: DialectConnection,
    name: string,
    compile: CompileQuery,
  ): Promise<void> {
    const leased = own(connection);
    if (leased.isGiven) return;
    await leased.driver.rollbackToSavepoint?.(leased.raw, name, compile);
  }

  async releaseSavepoint(
    connection: DialectConnection,
    name: string,
    compile: CompileQuery,
  ): Promise<void> {
    const leased = own(connection);
    await leased.driver.releaseSavepoint?.(leased.live, name, compile);
  }

  /** Connections belong to their source and stay open. */
  async destroy(): Promise<void> {}

  /** Gives a promise only when the connection has to be waited for. */
  #acquire(mayBeForgotten: boolean): MaybePromise<LeasedConnection> {
    const wanted = new WantedConnection();
    const end = this.#scope.lease(wanted.destroy, mayBeForgotten ? wanted : undefined);
    const keep = (lease: ConnectionLease) => {
      const leased = new LeasedConnection(lease, this.#scope, end);
      wanted.leased = leased;
      lease.onTaken?.(end);
      return leased;
    };
    const fail = (error: unknown): never => {
      end();
      throw error;
    };
    try {
      const lease = this.#source.lease(this.#scope);
      return isThenable(lease) ? lease.then(keep, fail) : keep(lease);
    } catch (error) {
      return fail(error);
    }
  }
}

/** What a scope can take back of a connection, from before it is there. */
class WantedConnection implements ForgottenLease {
  leased: LeasedConnection | undefined;

  get isForgotten(): boolean {
    return this.leased?.isForgotten ?? false;
  }

  abandon(): Promise<void> | undefined {
    return this.leased?.abandon();
  }

  /** One that cannot be closed stays with its source, which tells when it is closed itself. */
  readonly destroy = (): void => void this.leased?.destroy().catch(() => undefined);
}

/** Kysely hands back only what `acquireConnection` gave it. */
function own(connection: DialectConnection): LeasedConnection {
  return connection as LeasedConnection;
}
