import type { Placement, Tenant } from "./tenant.ts";

/** Brings the schemas of tenants' databases up to date. */
export interface MigratingDatabases {
  /** Brings a tenant's schema up to date; may be run again after a crash. */
  migrate(tenant: Tenant): Promise<void>;
  /** The migrations that do so; `undefined` where schemas are made from entities alone. */
  readonly migrations?: TenantMigrations | undefined;
}

/** The migrations of tenants' databases, one list per driver; whoever runs them holds the tenant's migration lock. */
export interface TenantMigrations extends MigrationFolders {
  /** Names how far a database of this driver is that has had every migration; known once the tenancy has started. */
  version(placement: Placement): string;
  /** Tells whether a tenant's schema lacks what this application needs; one that has more does not. */
  isBehind(tenant: MigratedTenant): boolean;
  /** Looks into a tenant's database; throws `DatabaseNotReadyError`. */
  status(tenant: Tenant): Promise<MigrationStatus>;
  /**
   * Runs migrations of one tenant, or gives their SQL. Throws `MigrationLockedError` while another process runs some,
   * `MigrationDirtyError` where one was cut off half-way, and `MigrationFailedError` with the SQL that failed.
   */
  run(tenant: Tenant, request?: MigrationRequest): Promise<MigrationRun>;
  /** Says what became of a migration that was cut off half-way; throws `InvalidInputError` when it was not. */
  resolve(tenant: Tenant, name: string, outcome: "applied" | "reverted"): Promise<void>;
}

/** Where migrations are written. */
export interface MigrationFolders {
  /** Absolute paths of the folders that they are loaded from, known before they are; absent where they are in none. */
  readonly folders?: readonly string[];
}

/** A tenant and how far its schema is, as the registry keeps it. */
export interface MigratedTenant extends Tenant {
  readonly schemaVersion: string | undefined;
}

/** Which migrations of a tenant to run, and how. */
export interface MigrationRequest extends MigrationLimits {
  /** `up` when absent; `fresh` removes all tables first and runs every migration. */
  readonly direction?: "up" | "down" | "fresh";
  /** How many at most; `up` runs all and `down` takes back one when absent. */
  readonly steps?: number;
  /** Gives the SQL and changes nothing. */
  readonly dryRun?: boolean;
}

/** How long migrations of one tenant may take, in milliseconds. */
export interface MigrationLimits {
  /** Until a lock that somebody else holds on a table is given up; 5,000 when absent. */
  readonly lockMs?: number;
  /** Until one statement is ended; unlimited when absent. */
  readonly statementMs?: number;
  /** Aborted where the work is to stop before the next migration. */
  readonly signal?: AbortSignal;
}

/** What was done to one tenant's schema, or would be. */
export interface MigrationRun {
  /** How far it was; `undefined` before the first migration. */
  readonly before: string | undefined;
  readonly after: string | undefined;
  readonly migrations: readonly MigrationDone[];
}

/** One migration that was run. */
export interface MigrationDone {
  readonly name: string;
  /** How long it took; 0 in a dry run. */
  readonly milliseconds: number;
  /** What it sent; `undefined` where it was not collected. */
  readonly sql: readonly string[] | undefined;
}

/** How far a tenant's schema is. */
export interface MigrationStatus {
  readonly version: string | undefined;
  /** Those that it has had, oldest first, also such as only a newer application knows. */
  readonly applied: readonly AppliedMigration[];
  /** Those that it lacks, in order. */
  readonly pending: readonly string[];
  /** One that was cut off half-way, where the engine cannot take DDL back; one that somebody is at just now is not. */
  readonly dirty: string | undefined;
}

/** A migration that a database has had, and when: milliseconds since 1970. */
export interface AppliedMigration {
  readonly name: string;
  readonly at: number;
}
