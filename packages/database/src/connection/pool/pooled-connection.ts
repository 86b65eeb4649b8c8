import type { TenantDatabase } from "@af-tenancy/core";
import type { DialectConnection } from "../dialect.ts";
import type { ConnectionBudget, ServerConnection } from "../driver-connections.ts";
import type { Listed } from "../linked-list.ts";
import type { Borrower } from "./borrower.ts";

/** One open connection in a pool. */
export class PooledConnection implements Listed<PooledConnection> {
  readonly key: string;
  /** Whose it was opened for. */
  readonly database: TenantDatabase;
  readonly driver: ServerConnection;
  readonly connection: DialectConnection;
  /** When its opening began. */
  readonly openedAt: number;
  /** For whom it was opened or last entered. */
  seat: string | undefined;
  previous: PooledConnection | undefined = undefined;
  next: PooledConnection | undefined = undefined;
  /** How many leases it has had. */
  uses = 0;
  /** When it was last given back, or opened. */
  idleSince: number;
  /** When it was last known to be there. */
  checkedAt: number;
  /** Until then its tenant's next user may have it, although others wait for its place. */
  turnEnds = 0;
  #retired: CloseReason | undefined;

  constructor(
    { key, seat, database }: Borrower,
    driver: ServerConnection,
    connection: DialectConnection,
    openedAt: number,
    now: number,
  ) {
    this.key = key;
    this.seat = seat;
    this.database = database;
    this.driver = driver;
    this.connection = connection;
    this.openedAt = openedAt;
    this.idleSince = now;
    this.checkedAt = now;
  }

  /** Why it is closed instead of being given to anybody else. */
  get retired(): CloseReason | undefined {
    return this.#retired;
  }

  /** Has it closed as soon as nobody uses it; the first reason stands. */
  retire(reason: CloseReason): void {
    this.#retired ??= reason;
  }

  /** It has served or lived long enough. */
  isWorn({ maxUses, maxLifetime }: ConnectionBudget, now: number): boolean {
    if (maxUses !== undefined && this.uses >= maxUses) return true;
    return maxLifetime !== undefined && now - this.openedAt >= maxLifetime;
  }
}

/** Why a connection is closed. */
export type CloseReason =
  | "broken"
  | "dropped"
  | "evicted"
  | "idle"
  | "leaked"
  | "rotated"
  | "shutdown"
  | "unclean"
  | "worn";
