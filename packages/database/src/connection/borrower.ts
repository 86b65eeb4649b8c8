import type { TenantDatabase } from "@af-tenancy/core";

/** One tenant as a pool sees it. */
export class Borrower {
  readonly database: TenantDatabase;
  readonly key: string;
  /** How many leases it has. */
  leased = 0;
  /** How many wait for one. */
  waiting = 0;
  /** It gets no lease for the time being. */
  held = false;

  constructor(database: TenantDatabase, key: string) {
    this.database = database;
    this.key = key;
  }
}
