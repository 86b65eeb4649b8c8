import { type Clock, type MaybePromise, outsideTenancy } from "@af-tenancy/core";
import { PoolExhaustedError } from "../errors.ts";
import type { Borrower } from "./borrower.ts";
import type { ConnectionLease } from "./connection-lease.ts";
import type { DialectDriver } from "./dialect.ts";
import type { ConnectionBudget, DriverConnections } from "./driver-connections.ts";
import { IdleConnections } from "./idle-connections.ts";
import type { LeaseScope } from "./lease-scope.ts";
import { openConnection, typedFailure } from "./open-connection.ts";
import { PoolLease } from "./pool-lease.ts";
import type { PooledConnection } from "./pooled-connection.ts";
import { WaitingLine } from "./waiting-line.ts";

/** What a pool opens its connections with and how long it lets anybody wait. */
export interface ConnectionPoolOptions {
  readonly connections: Pick<DriverConnections, "open" | "enter">;
  readonly budget: ConnectionBudget;
  readonly clock: Clock;
  /** Milliseconds. */
  readonly maxWait: number;
}

/**
 * The connections of one budget: opened one at a time for each key, lent to one user at a time, kept open while nobody
 * needs their place. One that is being opened or closed takes a place, so that the limit is never exceeded.
 */
export class ConnectionPool {
  readonly #connections: ConnectionPoolOptions["connections"];
  readonly #budget: Required<ConnectionBudget>;
  readonly #clock: Clock;
  readonly #maxWait: number;
  readonly #line: WaitingLine;
  readonly #idle = new IdleConnections();
  readonly #leased = new Set<PooledConnection>();
  readonly #opening = new Map<string, Promise<void>>();
  readonly #closing = new Set<Promise<void>>();
  /** Those that could not be closed; they keep their places. */
  readonly #stuck = new Set<PooledConnection>();
  readonly #onGivenBack = new Set<() => void>();
  #places = 0;

  constructor({ connections, budget, clock, maxWait }: ConnectionPoolOptions) {
    this.#connections = connections;
    this.#budget = { perTenant: budget.connections, ...budget };
    this.#clock = clock;
    this.#maxWait = maxWait;
    this.#line = new WaitingLine(clock, maxWait);
  }

  /** How many connections are open, being opened or being closed. */
  get size(): number {
    return this.#places;
  }

  /** Lends a connection; gives a promise only when there is something to wait for. */
  lease(borrower: Borrower, scope?: Pick<LeaseScope, "signal">): MaybePromise<ConnectionLease> {
    const idle = borrower.waiting === 0 ? this.#takeIdle(borrower) : undefined;
    if (idle !== undefined) return this.#enter(borrower, idle);
    const waiting = this.#line.wait(borrower, scope);
    this.#serve();
    return waiting.then((connection) => this.#enter(borrower, connection));
  }

  /** Lets a borrower have no lease while `work` runs; connections that only it can use are closed first. */
  async whileHeld<R>(borrower: Borrower, work: () => R): Promise<Awaited<R>> {
    borrower.held = true;
    try {
      await this.#untilNone(borrower);
      if (this.#connections.enter === undefined) {
        await this.#opening.get(borrower.key);
        await this.#discardAll(this.#idle.takeAll(borrower.key));
      }
      return await work();
    } finally {
      borrower.held = false;
      this.#serve();
    }
  }

  /** Closes every connection, those in use once they are given back; throws an `AggregateError` of what failed. */
  async close(): Promise<void> {
    await Promise.all(this.#opening.values());
    for (const connection of this.#leased) connection.retired = true;
    const stuck = [...this.#stuck];
    this.#stuck.clear();
    const errors = await this.#discardAll([...this.#idle.takeAll(), ...stuck]);
    while ([...this.#leased].some(({ retired }) => retired)) await this.#nextGivenBack();
    await Promise.allSettled(this.#closing);
    if (errors.length > 0) throw new AggregateError(errors, "Connections could not be closed.");
  }

  #takeIdle(borrower: Borrower): PooledConnection | undefined {
    if (borrower.held || borrower.leased >= this.#budget.perTenant) return undefined;
    const connection = this.#idle.take(borrower);
    if (connection === undefined) return undefined;
    borrower.leased += 1;
    this.#leased.add(connection);
    // Nobody waits for another connection when this one serves as well, but the next lease will not have to enter it.
    if (connection.seat !== borrower.seat && this.#places < this.#budget.connections) {
      this.#openFor(borrower);
    }
    return connection;
  }

  #enter(borrower: Borrower, pooled: PooledConnection): MaybePromise<ConnectionLease> {
    if (this.#connections.enter === undefined) {
      return new PoolLease(borrower, pooled, this.#giveBack);
    }
    let entered: MaybePromise<DialectDriver>;
    try {
      entered = this.#connections.enter(pooled.driver, borrower.database);
    } catch (error) {
      entered = Promise.reject(error);
    }
    if (entered === pooled.driver) return new PoolLease(borrower, pooled, this.#giveBack);
    return this.#entered(borrower, pooled, entered);
  }

  async #entered(
    borrower: Borrower,
    pooled: PooledConnection,
    entering: MaybePromise<DialectDriver>,
  ): Promise<ConnectionLease> {
    try {
      const driver = await entering;
      const connection = await driver.acquireConnection();
      pooled.seat = borrower.seat;
      return new PoolLease(borrower, pooled, this.#giveBack, driver, connection);
    } catch (error) {
      await new PoolLease(borrower, pooled, this.#giveBack).destroy();
      throw typedFailure(borrower.database, error);
    }
  }

  readonly #giveBack = ({ borrower, pooled }: PoolLease): Promise<void> | undefined => {
    borrower.leased -= 1;
    this.#leased.delete(pooled);
    const closing = pooled.retired ? this.#discard(pooled) : undefined;
    if (closing === undefined) this.#idle.add(pooled);
    for (const listener of this.#onGivenBack) listener();
    this.#serve();
    return closing;
  };

  #serve(): void {
    for (const waiter of this.#line) {
      const connection = this.#takeIdle(waiter.borrower);
      if (connection !== undefined) waiter.resolve(connection);
      else this.#openFor(waiter.borrower);
    }
  }

  /** One at a time for each key: many who come first at once do not open as many connections. */
  #openFor(borrower: Borrower): void {
    if (borrower.held || borrower.leased >= this.#budget.perTenant) return;
    if (this.#opening.has(borrower.key)) return;
    if (this.#places < this.#budget.connections) {
      this.#places += 1;
      this.#opening.set(borrower.key, this.#open(borrower));
    } else {
      this.#makeRoom();
    }
  }

  async #open(borrower: Borrower): Promise<void> {
    const { key } = borrower;
    try {
      const connection = await openConnection(this.#connections, borrower);
      connection.driver.onLost?.(() => this.#lost(connection));
      this.#idle.add(connection);
    } catch (error) {
      this.#places -= 1;
      this.#line.reject(borrower, error);
    } finally {
      this.#opening.delete(key);
      this.#serve();
    }
  }

  #makeRoom(): void {
    if (this.#closing.size >= this.#line.size) return;
    const oldest = this.#idle.takeOldest();
    if (oldest !== undefined) void this.#discard(oldest).catch(() => undefined); // kept as stuck
  }

  #lost(connection: PooledConnection): void {
    connection.retired = true;
    if (this.#idle.remove(connection)) void this.#discard(connection).catch(() => undefined);
  }

  #discard(connection: PooledConnection): Promise<void> {
    const closing = outsideTenancy(() => this.#destroy(connection));
    const settled = closing.catch(() => undefined).then(() => void this.#closing.delete(settled));
    this.#closing.add(settled);
    void settled.then(() => this.#serve());
    return closing;
  }

  async #destroy(connection: PooledConnection): Promise<void> {
    try {
      await connection.driver.destroy();
      this.#places -= 1;
    } catch (error) {
      this.#stuck.add(connection);
      throw error;
    }
  }

  async #discardAll(connections: readonly PooledConnection[]): Promise<readonly unknown[]> {
    const closings = await Promise.allSettled(connections.map((one) => this.#discard(one)));
    return closings.flatMap((one) => (one.status === "rejected" ? [one.reason] : []));
  }

  async #untilNone(borrower: Borrower): Promise<void> {
    const deadline = this.#clock.monotonic() + this.#maxWait;
    while (borrower.leased > 0) {
      const patience = deadline - this.#clock.monotonic();
      if (patience <= 0)
        throw new PoolExhaustedError(borrower.database.placement.name, this.#maxWait);
      const over = new AbortController();
      const late = this.#clock.sleep(patience, over.signal).catch(() => undefined);
      await Promise.race([this.#nextGivenBack(), late]);
      over.abort();
    }
  }

  async #nextGivenBack(): Promise<void> {
    await new Promise<void>((resolve) => {
      const listener = () => {
        this.#onGivenBack.delete(listener);
        resolve();
      };
      this.#onGivenBack.add(listener);
    });
  }
}
