import { DatabaseNotReadyError, type MaybePromise, TenancyClosedError } from "@af-tenancy/core";
import { PoolExhaustedError } from "../../errors.ts";
import type { ConnectionLease } from "../connection-lease.ts";
import type { LeaseRequest } from "../lease-request.ts";
import { Activity } from "./activity.ts";
import type { Borrower } from "./borrower.ts";
import { Closer } from "./closer.ts";
import { enterConnection } from "./enter-connection.ts";
import { IdleConnections } from "./idle-connections.ts";
import { LeaseRules } from "./lease-rules.ts";
import { type Late, Leases } from "./leases.ts";
import { Opener } from "./opener.ts";
import { isNoneLeft, isOpenTo } from "./other-connections.ts";
import { Places } from "./places.ts";
import { PoolEvents } from "./pool-events.ts";
import { type LeaseTerms, leaseTerms, PoolLease } from "./pool-lease.ts";
import type { ConnectionPoolOptions } from "./pool-options.ts";
import { type PoolStatistics, poolStatistics } from "./pool-statistics.ts";
import type { CloseReason, PooledConnection } from "./pooled-connection.ts";
import { Service } from "./service.ts";
import { Upkeep } from "./upkeep.ts";
import { WaitingLine } from "./waiting-line.ts";

/**
 * The connections of one budget: opened one at a time for each key, lent to one user at a time, kept open while nobody
 * needs their place. Tenants who wait take turns, and none of them can take what the others need.
 */
export class ConnectionPool {
  readonly #options: ConnectionPoolOptions;
  readonly #places: Places;
  readonly #line: WaitingLine;
  readonly #leases = new Leases();
  readonly #idle: IdleConnections;
  readonly #opener: Opener;
  readonly #closer: Closer;
  readonly #activity: Activity;
  readonly #rules: LeaseRules;
  readonly #service: Service;
  readonly #events: PoolEvents;
  readonly #upkeep: Upkeep;
  readonly #borrowers = new Set<Borrower>();
  readonly #now: () => number;
  #beginnings = 0;

  constructor(options: ConnectionPoolOptions) {
    const { server, connections, budget, clock, maxWait, checkoutDeadline } = options;
    const now = () => clock.monotonic();
    [this.#options, this.#now] = [options, now];
    this.#places = new Places(budget.connections);
    this.#line = new WaitingLine(clock, maxWait);
    this.#idle = new IdleConnections(budget.connections);
    this.#events = new PoolEvents(server, now);
    this.#activity = new Activity(now);
    const perTenant = budget.perTenant ?? budget.connections;
    this.#rules = new LeaseRules(this.#places, this.#leases, this.#activity, perTenant);
    this.#closer = new Closer(this.#places, (connection) => {
      this.#events.closed(connection);
      this.#service.serve();
    });
    this.#opener = new Opener({
      connections,
      now,
      isFull: (error) => connections.isFull?.(error) ?? false,
      opened: (connection, borrower) => this.#opened(connection, borrower),
      failed: (error, borrower) => this.#failed(error, borrower),
    });
    this.#service = new Service({
      ...{ line: this.#line, rules: this.#rules, idle: this.#idle, places: this.#places, now },
      ...{ opener: this.#opener, closer: this.#closer, leases: this.#leases },
      lend: (terms, connection) => this.#lend(terms, connection, now()),
      discard: (connection, reason) => this.#discard(connection, reason),
    });
    this.#upkeep = new Upkeep({
      ...{ budget, idle: this.#idle, leases: this.#leases, checkoutDeadline, now },
      leaked: (lease) => {
        this.#events.leaked(lease);
        lease.end("leaked").catch(() => undefined);
      },
      discard: (connection, reason) => this.#discard(connection, reason),
      goOn: () => this.#goOn(),
    });
  }

  /** How many connections are open, being opened or being closed. */
  get size(): number {
    return this.#places.taken;
  }

  /** How often what a borrower uses was opened anew: each of its own connections, or the first of those that all share. */
  openings({ isShared, opened }: Borrower): number {
    return isShared ? this.#beginnings : opened;
  }

  /** Lends a connection; gives a promise only when there is something to wait for. */
  lease(borrower: Borrower, request: LeaseRequest = {}): MaybePromise<ConnectionLease> {
    const terms = leaseTerms(borrower, request, this.#now());
    this.#activity.touch(borrower, terms.since);
    const idle = this.#service.takeIdle(terms);
    if (idle === undefined) return this.#wait(terms, request.signal);
    return enterConnection(this.#options.connections, this.#lend(terms, idle));
  }

  /** Lets a borrower have no lease while `work` runs; connections that only it can use are closed first. */
  async whileHeld<R>(borrower: Borrower, work: () => R, late?: Late): Promise<Awaited<R>> {
    borrower.held = true;
    try {
      const { clock, maxWait } = this.#options;
      if (!(await this.#leases.returned(borrower, clock, maxWait, late))) {
        throw new PoolExhaustedError(borrower.database.placement.name, maxWait);
      }
      if (!borrower.isShared) {
        await this.#opener.settled(borrower);
        await this.#closeAll(this.#idle.takeAll(borrower.key), "dropped");
      }
      return await work();
    } finally {
      borrower.held = false;
      this.#opener.breakers.forget(borrower);
      this.#service.serve();
    }
  }

  /** Lends nothing to a borrower any more: its wait ends, and connections that only it can use are closed. */
  async supersede(borrower: Borrower): Promise<void> {
    const { key, database } = borrower;
    borrower.held = true;
    this.#line.reject(borrower, new DatabaseNotReadyError(database.tenantId, "it has moved"));
    if (borrower.isShared) return;
    for (const { pooled } of this.#leases) if (pooled.key === key) pooled.retire("rotated");
    await this.#opener.settled(borrower);
    await this.#closeAll(this.#idle.takeAll(key), "rotated");
  }

  /** Remembers a tenant no longer. */
  forget(borrower: Borrower): void {
    this.#borrowers.delete(borrower);
  }

  /**
   * Closes every connection for good, those in use once they are given back or `grace` milliseconds are over. From now on
   * `lease` rejects with `TenancyClosedError`. Throws an `AggregateError` of what failed.
   */
  async close(grace: number): Promise<void> {
    this.#line.close(new TenancyClosedError("closed"));
    await this.#opener.settled();
    const out = [...this.#leases];
    for (const { pooled } of out) pooled.retire("shutdown");
    const errors = [...(await this.#closeAll(this.#idle.takeAll(), "shutdown"))];
    const left = () => out.filter((lease) => !lease.isOver);
    await this.#leases.until(() => left().length === 0, this.#options.clock, grace);
    const endings = await Promise.allSettled(left().map((lease) => lease.end("shutdown")));
    errors.push(...endings.flatMap((one) => (one.status === "rejected" ? [one.reason] : [])));
    await this.#closer.settled();
    if (errors.length > 0) throw new AggregateError(errors, "Connections could not be closed.");
  }

  /** How it is used at the moment and was so far. */
  statistics(): PoolStatistics {
    return poolStatistics({
      ...{ server: this.#options.server, places: this.#places, opener: this.#opener },
      ...{ closer: this.#closer, leases: this.#leases, idle: this.#idle, line: this.#line },
      ...{ borrowers: this.#borrowers, counts: this.#events.counts },
    });
  }

  async #wait(terms: LeaseTerms, signal: AbortSignal | undefined): Promise<ConnectionLease> {
    const { database } = terms.borrower;
    const waiting = this.#line.wait(terms, this.#options.depth?.() ?? 0, signal);
    this.#service.serve();
    this.#upkeep.start();
    let lease: PoolLease;
    try {
      lease = await waiting;
    } catch (error) {
      this.#events.waited(database, terms.since, error);
      throw error;
    }
    this.#events.waited(database, terms.since);
    return enterConnection(this.#options.connections, lease);
  }

  #lend(terms: LeaseTerms, connection: PooledConnection, at = terms.since): PoolLease {
    const lease = new PoolLease(terms, connection, this.#giveBack, at);
    connection.uses += 1;
    this.#borrowers.add(terms.borrower);
    this.#leases.add(lease);
    this.#events.leased(lease);
    return lease;
  }

  readonly #giveBack = (lease: PoolLease): Promise<void> | undefined => {
    const { pooled, terms } = lease;
    this.#leases.delete(lease);
    this.#events.released(lease);
    const now = this.#now();
    if (pooled.isWorn(this.#options.budget, now)) pooled.retire("worn");
    const closing = pooled.retired && this.#closer.close(pooled);
    if (closing === undefined) this.#service.putBack(pooled, terms.borrower, now);
    this.#service.serve();
    return closing;
  };

  #opened(connection: PooledConnection, borrower: Borrower): void {
    borrower.opened += 1;
    if (isNoneLeft(this.#idle, this.#leases)) this.#beginnings += 1;
    this.#events.opened(connection);
    connection.driver.onLost?.(() => {
      connection.retire("broken");
      if (this.#idle.remove(connection)) this.#discard(connection, "broken");
    });
    this.#service.handOver(connection, borrower);
    this.#service.serve();
  }

  /** Who has other connections, or finds the server full, waits on for one of them; not who can go elsewhere. */
  #failed(error: unknown, borrower: Borrower): void {
    this.#places.give();
    this.#events.failed(borrower.database, error);
    if (this.#places.taken > 0 && this.#options.connections.isFull?.(error)) {
      this.#places.shrink(this.#now());
    } else if (this.#options.failsOver) {
      this.#line.rejectAll(borrower, error);
    } else if (isOpenTo(borrower, this.#idle, this.#leases)) {
      this.#opener.pause(borrower);
    } else {
      this.#line.reject(borrower, error);
    }
    this.#service.serve();
  }

  #discard(connection: PooledConnection, reason: CloseReason): void {
    connection.retire(reason);
    // One that cannot be closed keeps its place, and the upkeep and close() try again.
    void this.#closer.close(connection);
  }

  async #closeAll(all: readonly PooledConnection[], reason: CloseReason) {
    for (const one of all) one.retire(reason);
    return this.#closer.closeAll(all);
  }

  #goOn(): boolean {
    this.#places.grow(this.#now());
    this.#closer.retry();
    this.#service.serve();
    return this.#places.taken > 0 || this.#line.size > 0;
  }
}
