import type { JsonValue, PlacementStrategy, TenantRecord, TenantStatus } from "./tenant.ts";

/** What the registry keeps of schemas and of the plans that migrate them, inside one transaction. */
export interface MigrationRecords {
  readonly schemas: SchemaRecords;
  readonly migrationPlans: MigrationPlanStore;
  readonly plannedTenants: PlannedTenantStore;
}

/** How far the schemas of all tenants are, as the registry knows; no tenant's database is opened. */
export interface SchemaRecords {
  /** Counts tenants with a database by how far they are: one query, however many there are. Statuses as for `list`. */
  count(statuses?: readonly TenantStatus[]): Promise<readonly SchemaCount[]>;
  /**
   * Writes how far tenants are and raises the version of each one that this changes, which it gives; those that are not
   * there are passed over.
   */
  record(schemas: readonly RecordedSchema[]): Promise<readonly TenantRecord[]>;
}

/** How far a schema is, and of what driver and strategy. */
export interface TenantSchema {
  readonly driver: string;
  readonly strategy: PlacementStrategy;
  /** `undefined` before the first migration. */
  readonly version: string | undefined;
}

/** How many tenants have their schema so far. */
export interface SchemaCount extends TenantSchema {
  readonly tenants: number;
}

/** How far one tenant's schema is. */
export interface RecordedSchema {
  readonly tenantId: string;
  /** Only of the database of this generation. */
  readonly generation: number;
  readonly version: string | undefined;
}

/** The plans that migrate the fleet. */
export interface MigrationPlanStore {
  /** Writes a plan and its tenants, in their order. */
  insert(plan: NewMigrationPlan, tenants: readonly NewPlannedTenant[]): Promise<MigrationPlan>;
  find(id: string): Promise<MigrationPlan | undefined>;
  /** Gives plans, newest first. */
  list(limit: number): Promise<readonly MigrationPlan[]>;
  /** Counts the tenants of a plan by wave and state, in order of wave. */
  count(id: string): Promise<readonly PlannedCount[]>;
}

/** What is known of a plan when it is written. */
export interface NewMigrationPlan {
  readonly id: string;
  readonly direction: MigrationDirection;
  /** How it is to be carried out. */
  readonly options: JsonValue;
  /** How many tenants needed nothing when it was made. */
  readonly upToDate: number;
  readonly actor: string | undefined;
}

/** Which way migrations run: `down` takes back, `fresh` removes all tables first. */
export type MigrationDirection = "up" | "down" | "fresh";

/** A plan as the registry keeps it. */
export interface MigrationPlan extends NewMigrationPlan {
  /** Milliseconds since 1970, in the database's time. */
  readonly createdAt: number;
}

/** The tenants of plans and what became of them. */
export interface PlannedTenantStore {
  /** Gives tenants of a plan in order of position. */
  list(planId: string, filter?: PlannedFilter): Promise<readonly PlannedTenant[]>;
  /** Writes what became of several tenants of a plan at once. */
  save(planId: string, tenants: readonly PlannedTenant[]): Promise<void>;
}

/** Which tenants of a plan `list` gives. */
export interface PlannedFilter {
  readonly states?: readonly PlannedState[];
  readonly wave?: number;
  /** Only these. */
  readonly tenantIds?: readonly string[];
  /** Only positions after this one: for the next page. */
  readonly after?: number;
  /** How many at most; 500 when absent. */
  readonly limit?: number;
}

/**
 * Where a tenant of a plan stands: `failed` is tried again by the next run, `quarantined` after its release; `skipped`
 * was left out, and `gone` was purged meanwhile.
 */
export type PlannedState = "waiting" | "done" | "skipped" | "failed" | "quarantined" | "gone";

/** Which tenant, where in the order, and in which wave: the first is 0. */
export interface NewPlannedTenant {
  readonly tenantId: string;
  readonly position: number;
  readonly wave: number;
}

/** A tenant of a plan and what became of it. */
export interface PlannedTenant extends NewPlannedTenant {
  readonly state: PlannedState;
  /** How often it was tried. */
  readonly attempts: number;
  /** How far it was before its tables were taken back; written before that, so that it is not done twice. */
  readonly mark: PlannedMark | undefined;
  readonly result: PlannedResult | undefined;
}

/** How many migrations a database had, and when it had the latest: milliseconds since 1970, 0 before the first. */
export interface PlannedMark {
  readonly applied: number;
  readonly latest: number;
}

/** What a tenant's migrations came to. */
export interface PlannedResult {
  readonly before: string | undefined;
  readonly after: string | undefined;
  readonly migrations: readonly TimedMigration[];
  /** Why it is not done, free of secrets. */
  readonly failure: PlannedFailure | undefined;
}

/** A migration that was run, and how long that took. */
export interface TimedMigration {
  readonly name: string;
  readonly milliseconds: number;
}

/** What kept a tenant from being migrated. */
export interface PlannedFailure {
  /** Code of the error, such as `MIGRATION_FAILED`. */
  readonly code: string;
  readonly message: string;
  /** The migration that failed, where it was one. */
  readonly migration: string | undefined;
  /** The statement that failed, where it was one, up to the first text in it. */
  readonly sql: string | undefined;
}

/** How many tenants of a wave are in a state. */
export interface PlannedCount {
  readonly wave: number;
  readonly state: PlannedState;
  readonly tenants: number;
}
