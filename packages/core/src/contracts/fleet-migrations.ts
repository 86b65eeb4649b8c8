import type {
  MigrationDirection,
  MigrationPlan,
  PlannedTenant,
  SchemaCount,
} from "./migration-records.ts";
import type { NewMaintenance, TenantLike, TenantReference } from "./tenant.ts";
import type { MigrationStatus } from "./tenant-migrations.ts";

/** Migrates the fleet by plans that survive a crash: what `tenancy.tenants.migrations` is. */
export interface FleetMigrations extends MigrationPlanning, FleetSchemas {}

/** Makes plans and carries them out. */
export interface MigrationPlanning {
  /**
   * Writes down which tenants are to be migrated and in which order; nothing is migrated yet. Tenants that the registry
   * knows to be up to date are left out. Throws `InvalidInputError` and `TenantNotFoundError` before anything is written.
   */
  begin(options?: MigrationPlanOptions): Promise<MigrationPlan>;
  /**
   * Gives the SQL that such a plan would run now, once for all tenants that would get the same; changes nothing. A tenant
   * that cannot be looked into is there by itself, last, with its error.
   * Throws `InvalidInputError` and `TenantNotFoundError`; waves and canaries mean nothing here.
   */
  preview(options?: MigrationPlanOptions): Promise<readonly MigrationPreview[]>;
  /**
   * Migrates the tenants of a plan that are not done; may be repeated after a crash or a failure. Throws
   * `MigrationPlanHeldError` while another process does, and `MigrationPlanNotFoundError`.
   */
  run(planId: string, options?: MigrationRunOptions): Promise<MigrationReport>;
  /** Tells how far a plan is; throws `MigrationPlanNotFoundError`. */
  report(planId: string): Promise<MigrationReport>;
  /**
   * Lets quarantined tenants be migrated by the next run of their plan, all of them when none are named; gives how many
   * there are. Throws `MigrationPlanHeldError` and `MigrationPlanNotFoundError`.
   */
  release(planId: string, tenants?: readonly TenantReference[]): Promise<number>;
}

/** Tells how far schemas are. */
export interface FleetSchemas {
  /** Tells from the registry alone how many tenants are behind: one query, however many there are. */
  summary(): Promise<SchemaSummary>;
  /** Looks into one tenant's database. */
  status(tenant: TenantLike): Promise<MigrationStatus>;
  /** Says what became of a tenant's migration that was cut off half-way. */
  resolve(tenant: TenantLike, name: string, outcome: "applied" | "reverted"): Promise<void>;
  /** Gives plans, newest first; 20 of them when no number is given. */
  plans(limit?: number): Promise<readonly MigrationPlan[]>;
}

/** Which tenants a plan migrates and how. */
export interface MigrationPlanOptions extends PlanSelection, PlanWaves, PlanCare {
  /** `up` when absent; `fresh` removes all tables of these tenants first. */
  readonly direction?: MigrationDirection;
  /** How many migrations each tenant gets at most; `up` runs all and `down` takes back one when absent. */
  readonly steps?: number;
}

/** Which tenants a plan has. */
export interface PlanSelection {
  /** Only these, whatever their status; all that are served or could be again when absent. */
  readonly tenants?: readonly TenantReference[];
  /** Only those with this plan of the application, such as `pro`. */
  readonly plan?: string;
  /** Whether pending tenants are migrated, too; `false` when absent. */
  readonly pending?: boolean;
  /** Looks into each database instead of trusting what the registry says of it; `false` when absent. */
  readonly force?: boolean;
}

/** In what order tenants come. */
export interface PlanWaves {
  /** Which tenants come first, by number or by name; nobody when absent. */
  readonly canary?: number | readonly TenantReference[];
  /** How many tenants each later wave has, or which share of them when it is below 1; one wave when absent. */
  readonly waveSize?: number;
  /** The share of a wave that may fail without the waves after it being left; 0 when absent. */
  readonly maxFailedShare?: number;
  /** Begins no further tenant after the first that fails; `false` when absent. */
  readonly stopAtFirst?: boolean;
}

/** How one tenant is handled. */
export interface PlanCare {
  /** Milliseconds until a lock that somebody else holds on a table is given up; 5,000 when absent. */
  readonly lockMs?: number;
  /** Milliseconds until one statement is ended; unlimited when absent. */
  readonly statementMs?: number;
  /** Milliseconds after which a tenant is told to stop before its next migration; unlimited when absent. */
  readonly timeoutMs?: number;
  /** How often a tenant is tried again after what passes by itself, such as a lock; 3 when absent. */
  readonly retries?: number;
  /** What clients are told while their tenant is migrated, without a window; it is not put into maintenance when absent. */
  readonly maintenance?: NewMaintenance;
}

/** How a plan is run. */
export interface MigrationRunOptions {
  /** How many tenants are migrated at a time; 4 when absent. */
  readonly concurrency?: number;
}

/** SQL that would be run, and for whom. */
export interface MigrationPreview {
  /** Names of the migrations, in order. */
  readonly migrations: readonly string[];
  /** What they send; `undefined` where that cannot be told without running them. */
  readonly sql: readonly string[] | undefined;
  /** Ids of the tenants that get it. */
  readonly tenants: readonly string[];
  /** What kept this tenant's database from being looked into; then the rest is not known. `undefined` otherwise. */
  readonly error?: unknown;
}

/** How far a plan is. */
export interface MigrationReport {
  readonly plan: MigrationPlan;
  readonly verdict: MigrationVerdict;
  /** How many tenants are how far. */
  readonly counts: MigrationCounts;
  /** Those that failed, are quarantined, were skipped or are gone, each with what kept it from being migrated. */
  readonly left: readonly PlannedTenant[];
  /** The wave after which a plan was stopped because too much failed. */
  readonly stoppedAfter: number | undefined;
}

/** `done`: nothing is left to do; `failed`: some tenants could not be migrated; `waiting`: it was not run to its end. */
export type MigrationVerdict = "done" | "failed" | "waiting";

/** How many tenants are how far. */
export interface MigrationCounts extends UnmigratedCounts {
  /** Needed nothing when the plan was made. */
  readonly upToDate: number;
  readonly done: number;
  readonly waiting: number;
}

/** How many tenants were not migrated. */
export interface UnmigratedCounts {
  readonly failed: number;
  readonly quarantined: number;
  readonly skipped: number;
  readonly gone: number;
}

/** How far the fleet is. */
export interface SchemaSummary {
  readonly upToDate: number;
  /** Those that lack what this application needs. */
  readonly behind: number;
  readonly schemas: readonly SchemaCount[];
}
