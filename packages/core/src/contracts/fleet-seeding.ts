import type { TenantLike, TenantReference } from "./tenant.ts";
import type { SeederDone, SeederStatus, SeedRequest } from "./tenant-seeding.ts";

/** Seeds the fleet: what `tenancy.tenants.seeding` is. */
export interface FleetSeeding {
  /**
   * Runs seeders in the databases of many tenants; may be repeated after a crash or a failure. Throws
   * `UnknownSeederError`, `InvalidInputError` and `TenantNotFoundError` before anything is changed.
   */
  run(options?: FleetSeedingOptions): Promise<SeedingReport>;
  /** Looks into one tenant's database; throws `TenantNotFoundError` and `DatabaseNotReadyError`. */
  status(tenant: TenantLike): Promise<readonly SeederStatus[]>;
}

/** Which tenants are seeded and how. */
export interface FleetSeedingOptions extends SeedRequest {
  /** Only these, whatever their status; all that are served or could be again when `null` or absent, `[]` is nobody. */
  readonly tenants?: readonly TenantReference[] | null;
  /** Only those with this plan of the application, such as `pro`. */
  readonly plan?: string;
  /** Whether pending tenants are seeded, too; `false` when absent. */
  readonly pending?: boolean;
  /** How many tenants are seeded at a time; 4 when absent. */
  readonly concurrency?: number;
  /** What a tenant that fails means: `stop` begins no further one, `skip` goes on with the others; `stop` when absent. */
  readonly onFailure?: "stop" | "skip";
  /** How often a tenant is tried again after what passes by itself, such as a lock; 3 when absent. */
  readonly retries?: number;
}

/** What became of the tenants that were to be seeded. */
export interface SeedingReport {
  readonly verdict: SeedingVerdict;
  /** How many tenants are how far. */
  readonly counts: SeedingCounts;
  /** Every tenant whose turn came, in the order in which they ended. */
  readonly tenants: readonly SeededTenant[];
}

/** `done`: nothing is left to do; `failed`: some tenants could not be seeded; `waiting`: the signal stopped the run. */
export type SeedingVerdict = "done" | "failed" | "waiting";

/** How many tenants are how far. */
export interface SeedingCounts {
  readonly done: number;
  readonly failed: number;
  readonly skipped: number;
  readonly gone: number;
  /** It was not their turn yet when the run stopped, or it stopped during their turn. */
  readonly waiting: number;
}

/** `skipped`: it has no database, or another operation is open for it; `gone`: it was purged meanwhile. */
export type SeededState = "done" | "failed" | "skipped" | "gone";

/** One tenant of a run. */
export interface SeededTenant {
  readonly tenantId: string;
  readonly state: SeededState;
  /** How often it was tried. */
  readonly attempts: number;
  /** The seeders that came to their end, of a failed tenant those before the one that failed. */
  readonly seeders: readonly SeederDone[];
  /** Why it is not done, free of secrets. */
  readonly failure: SeedingFailure | undefined;
}

/** What kept a tenant from being seeded. */
export interface SeedingFailure {
  /** Code of the error, such as `SEEDER_FAILED`. */
  readonly code: string;
  readonly message: string;
  /** The seeder that failed, where it was one. */
  readonly seeder: string | undefined;
}
