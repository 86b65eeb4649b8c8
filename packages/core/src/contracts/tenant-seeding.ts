import type { Tenant } from "./tenant.ts";

/** Puts into tenants' databases what they begin with. */
export interface SeedingDatabases {
  /** What does so; `undefined` where the application has no seeders. */
  readonly seeding?: TenantSeeding | undefined;
}

/** The seeders of tenants' databases. Each database remembers which have run to their end, and they do not run again. */
export interface TenantSeeding {
  /** What the seeders are called, in the order in which they run. */
  readonly names: readonly string[];
  /** Looks into a tenant's database; throws `DatabaseNotReadyError`. */
  status(tenant: Tenant): Promise<readonly SeederStatus[]>;
  /**
   * Runs seeders of one tenant, inside its scope. Throws `UnknownSeederError` and `InvalidInputError` before anything is
   * changed, `TenantDeniedError` or the error for a write where the tenant may not be written, `SeedingLockedError` while
   * another process seeds it, `SeederFailedError`, or the reason of an aborted signal.
   */
  run(tenant: Tenant, request?: SeedRequest): Promise<SeedingRun>;
}

/** Which seeders of a tenant to run, and how. */
export interface SeedRequest {
  /** Their names, in any order; all of them when absent. */
  readonly seeders?: readonly string[];
  /** Runs also those that have run to their end before; `false` when absent. */
  readonly again?: boolean;
  /** Aborted where the work is to stop: before the next seeder or batch, and wherever a seeder looks at it. */
  readonly signal?: AbortSignal;
  /** Called with what seeders tell while they run. */
  readonly onProgress?: (progress: SeederProgress) => void;
}

/** How far a seeder is. */
export interface SeederProgress {
  readonly tenantId: string;
  readonly seeder: string;
  /** How much is done, in the seeder's own unit; rows where it gives rows. */
  readonly done: number;
  /** How much there is to do; `undefined` where the seeder does not know. */
  readonly total: number | undefined;
}

/** What was done to one tenant's database. */
export interface SeedingRun {
  /** The seeders that were asked for, in the order in which they run. */
  readonly seeders: readonly SeederDone[];
}

/** What became of one seeder. */
export interface SeederDone extends SeederUse {
  readonly name: string;
  /** `false` where the database had it already, so that nothing was done. */
  readonly ran: boolean;
  /** How many rows this run inserted, as the database counts them. */
  readonly rows: number;
  /** The same by table. */
  readonly tables: Readonly<Record<string, number>>;
}

/** The time and the memory that a seeder took. */
export interface SeederUse {
  readonly milliseconds: number;
  /** The most bytes of heap that the process used while it ran. */
  readonly peakHeap: number;
  /** The most bytes of memory that the process had resident while it ran. */
  readonly peakRss: number;
}

/** How far a seeder is in a tenant's database. */
export interface SeederStatus {
  readonly name: string;
  /** When it had run to its end, in milliseconds since 1970; `undefined` where it has not. */
  readonly at: number | undefined;
  /** How many rows its latest run has inserted. */
  readonly rows: number;
}
