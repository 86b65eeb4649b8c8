import { type MaybePromise, outsideTenancy } from "@af-tenancy/core";
import type { ConnectionLease } from "./connection-lease.ts";
import type { ConnectionSource } from "./connection-source.ts";
import type { DialectConnection, DialectDriver } from "./dialect.ts";
import type { ServerConnection } from "./driver-connections.ts";
import type { LeaseScope } from "./lease-scope.ts";
import type { Turns } from "./turns.ts";

/** How a database is opened, and who wants to know. */
export interface SingleConnectionOptions {
  /** Opens the database, ready for use; called outside any tenant. */
  open(): Promise<DialectDriver & Partial<Pick<ServerConnection, "onLost">>>;
  readonly turns: Turns;
  opened?(): void;
  closed?(): void;
}

/** The one connection to a database: opened by the first lease, used by one at a time, opened again after a close. */
export class SingleConnection implements ConnectionSource {
  readonly #options: SingleConnectionOptions;
  readonly #turns: Turns;
  #open: OpenConnection | undefined;

  constructor(options: SingleConnectionOptions) {
    this.#options = options;
    this.#turns = options.turns;
  }

  get isOpen(): boolean {
    return this.#open !== undefined;
  }

  /** Nobody uses it or waits for it. */
  get isFree(): boolean {
    return this.#turns.free;
  }

  /**
   * Takes the connection, opening the database first where it is closed; gives a promise only when there is something
   * to wait for. Throws what opening throws, what the turns throw after too long a wait, or the scope's end.
   */
  lease(scope?: Pick<LeaseScope, "signal">): MaybePromise<ConnectionLease> {
    const waiting = this.#turns.take(scope);
    if (waiting !== undefined) return waiting.then(() => this.#openAndLease());
    return this.#open === undefined ? this.#openAndLease() : this.#leaseOf(this.#open);
  }

  /** Waits for the lease that is out, closes the database, and keeps it closed while `work` runs. */
  async whileClosed<R>(work: () => R, patience?: number): Promise<Awaited<R>> {
    await this.#turns.take(undefined, patience);
    try {
      await this.#close();
      return await work();
    } finally {
      this.#turns.give();
    }
  }

  /** Closes the database once its lease is back, for which it waits as long as others do or `patience` milliseconds. */
  async close(patience?: number): Promise<void> {
    await this.whileClosed(() => undefined, patience);
  }

  async #openAndLease(): Promise<ConnectionLease> {
    try {
      this.#open ??= await outsideTenancy(() => this.#opening());
      return this.#leaseOf(this.#open);
    } catch (error) {
      this.#turns.give();
      throw error;
    }
  }

  async #opening(): Promise<OpenConnection> {
    const driver = await this.#options.open();
    const connection = await driver.acquireConnection();
    driver.onLost?.(() => this.#forget(driver));
    this.#options.opened?.();
    return { driver, connection };
  }

  #leaseOf({ driver, connection }: OpenConnection): ConnectionLease {
    return new Lease(driver, connection, this.#turns, this.#closing);
  }

  /** One that is lost while nobody has it is opened anew by the next lease; while somebody has it, they are told. */
  #forget(driver: DialectDriver): void {
    if (this.#open?.driver !== driver || !this.isFree) return;
    this.#open = undefined;
    outsideTenancy(() => this.#options.closed?.());
    void outsideTenancy(() => driver.destroy()).catch(() => undefined);
  }

  readonly #closing = () => this.#close();

  async #close(): Promise<void> {
    if (this.#open === undefined) return;
    const { driver } = this.#open;
    await outsideTenancy(() => driver.destroy());
    this.#open = undefined;
    outsideTenancy(() => this.#options.closed?.());
  }
}

interface OpenConnection {
  readonly driver: DialectDriver;
  readonly connection: DialectConnection;
}

class Lease implements ConnectionLease {
  readonly driver: DialectDriver;
  readonly connection: DialectConnection;
  readonly #turns: Turns;
  readonly #close: () => Promise<void>;

  constructor(
    driver: DialectDriver,
    connection: DialectConnection,
    turns: Turns,
    close: () => Promise<void>,
  ) {
    this.driver = driver;
    this.connection = connection;
    this.#turns = turns;
    this.#close = close;
  }

  /** One that cannot be made clean is closed: what its user got or was told before stands. */
  async release(): Promise<void> {
    try {
      await this.driver.releaseConnection(this.connection);
    } catch {
      await this.#close();
    } finally {
      this.#turns.give();
    }
  }

  async destroy(): Promise<void> {
    try {
      await this.#close();
    } finally {
      this.#turns.give();
    }
  }
}
