import { outsideTenancy } from "@af-tenancy/core";
import { statement } from "../dialect.ts";
import type { ConnectionBudget } from "../driver-connections.ts";
import type { IdleConnections } from "./idle-connections.ts";
import type { Leases } from "./leases.ts";
import type { PoolLease } from "./pool-lease.ts";
import type { CloseReason, PooledConnection } from "./pooled-connection.ts";

/** What is kept up, and how. */
export interface UpkeepOptions {
  readonly budget: ConnectionBudget;
  readonly idle: IdleConnections;
  readonly leases: Leases;
  /** Milliseconds after which a lease counts as forgotten; background work may take longer. */
  readonly checkoutDeadline: number | undefined;
  now(): number;
  leaked(lease: PoolLease): void;
  discard(connection: PooledConnection, reason: CloseReason): void;
  /** Called at the end of each round; `false` when nothing is left to keep up. */
  goOn(): boolean;
}

/**
 * Looks after a pool while nobody asks for anything: closes what is idle too long or too old, asks idle connections
 * whether they are still there, takes back forgotten leases, and has those who wait served once a pause is over. Its
 * timer keeps no process alive.
 */
export class Upkeep {
  readonly #options: UpkeepOptions;
  #timer: NodeJS.Timeout | undefined;

  constructor(options: UpkeepOptions) {
    this.#options = options;
  }

  start(): void {
    this.#timer ??= outsideTenancy(() => setInterval(() => this.round(), interval).unref());
  }

  round(): void {
    const { idle, leases, now, checkoutDeadline = forever, leaked } = this.#options;
    const time = now();
    for (const connection of idle) this.#lookAfter(connection, time);
    for (const lease of leases) {
      if (lease.terms.bulk) continue;
      if (time - lease.lentAt < checkoutDeadline) break;
      leaked(lease);
    }
    if (this.#options.goOn()) return;
    clearInterval(this.#timer);
    this.#timer = undefined;
  }

  #lookAfter(connection: PooledConnection, time: number): void {
    const { budget, idle, discard } = this.#options;
    const { idleTimeout = forever, maxLifetime = forever, checkAfter = forever } = budget;
    const { idleSince, openedAt, checkedAt } = connection;
    const isIdleTooLong = time - idleSince >= idleTimeout;
    if (isIdleTooLong || time - openedAt >= maxLifetime) {
      idle.remove(connection);
      discard(connection, isIdleTooLong ? "idle" : "worn");
    } else if (time - Math.max(idleSince, checkedAt) >= checkAfter) {
      connection.checkedAt = time;
      void this.#check(connection);
    }
  }

  /** The connection stays where it is meanwhile: whoever takes it has his statement sent after the check. */
  async #check(connection: PooledConnection): Promise<void> {
    let timer: NodeJS.Timeout | undefined;
    const silence = new Promise<boolean>((resolve) => {
      timer = setTimeout(resolve, patience, false);
    });
    const answer = connection.connection.executeQuery(statement("select 1")).then(
      () => true,
      () => false,
    );
    const isThere = await Promise.race([answer, silence]);
    clearTimeout(timer);
    if (isThere) return;
    connection.retire("broken");
    if (this.#options.idle.remove(connection)) this.#options.discard(connection, "broken");
  }
}

/** Milliseconds between two rounds. */
const interval = 250;
/** Milliseconds that a connection has to answer. */
const patience = 5_000;
const forever = Number.POSITIVE_INFINITY;
