import type { TenantDatabase } from "@af-tenancy/core";
import type { DriverConnections } from "./driver-connections.ts";

/** One tenant as a pool sees it. */
export class Borrower {
  readonly database: TenantDatabase;
  readonly key: string;
  /** For whom a shared connection is entered; `undefined` where that costs nothing. */
  readonly seat: string | undefined;
  /** How many leases it has. */
  leased = 0;
  /** How many wait for one. */
  waiting = 0;
  /** It gets no lease for the time being. */
  held = false;

  constructor(database: TenantDatabase, connections: Pick<DriverConnections, "key" | "seat">) {
    this.database = database;
    this.key = connections.key(database);
    this.seat = connections.seat && `${this.key}\0${connections.seat(database)}`;
  }
}
