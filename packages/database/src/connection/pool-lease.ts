import type { Borrower } from "./borrower.ts";
import type { ConnectionLease } from "./connection-lease.ts";
import type { DialectConnection, DialectDriver } from "./dialect.ts";
import type { PooledConnection } from "./pooled-connection.ts";

/** What takes connections back; resolves once one that is retired has been closed. */
export type GiveBack = (lease: PoolLease) => Promise<void> | undefined;

/** One lease of a pooled connection. */
export class PoolLease implements ConnectionLease {
  readonly borrower: Borrower;
  readonly pooled: PooledConnection;
  readonly driver: DialectDriver;
  readonly connection: DialectConnection;
  readonly #giveBack: GiveBack;

  /** `driver` and `connection` are what the borrower uses, which may be a view of what is pooled. */
  constructor(
    borrower: Borrower,
    pooled: PooledConnection,
    giveBack: GiveBack,
    driver: DialectDriver = pooled.driver,
    connection: DialectConnection = pooled.connection,
  ) {
    this.borrower = borrower;
    this.pooled = pooled;
    this.driver = driver;
    this.connection = connection;
    this.#giveBack = giveBack;
  }

  async release(): Promise<void> {
    try {
      await this.driver.releaseConnection(this.connection);
    } catch (error) {
      await this.destroy();
      throw error;
    }
    void this.#giveBack(this);
  }

  async destroy(): Promise<void> {
    this.pooled.retired = true;
    await this.#giveBack(this);
  }
}
