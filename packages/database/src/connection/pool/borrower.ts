import type { TenantDatabase } from "@af-tenancy/core";
import type { DriverConnections } from "../driver-connections.ts";

/** One tenant as a pool sees it. */
export class Borrower {
  readonly database: TenantDatabase;
  readonly key: string;
  /** For whom a shared connection is entered, at which key; `undefined` where that costs nothing. */
  readonly seat: string | undefined;
  /** Names what is opened: the seat where there is one, or else the key. */
  readonly target: string;
  /** Other tenants use the connections of its key too. */
  readonly isShared: boolean;
  /** How many leases it has. */
  leased = 0;
  /** How many wait for one. */
  waiting = 0;
  /** How many leases it has had. */
  leases = 0;
  /** How many connections were opened for it. */
  opened = 0;
  /** It gets no lease for the time being. */
  held = false;
  /** The window of time in which it was last active. */
  window = -1;

  constructor(
    database: TenantDatabase,
    connections: Pick<DriverConnections, "key" | "seat" | "enter" | "isShared">,
  ) {
    this.database = database;
    this.key = connections.key(database);
    this.seat = connections.seat && `${this.key}\0${connections.seat(database)}`;
    this.target = targetOf(this);
    this.isShared = connections.isShared?.(database) ?? connections.enter !== undefined;
  }
}

/** Names what a connection was opened to, or entered for last. */
export function targetOf({ key, seat }: { key: string; seat: string | undefined }): string {
  return seat ?? key;
}
