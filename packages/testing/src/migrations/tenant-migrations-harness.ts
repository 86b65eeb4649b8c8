import type { MaybePromise, Tenant, TenantDatabases } from "@af-tenancy/core";
import type { LeftOut } from "../suite/group.ts";

/** The parts of the contract, each of which may be left out with a reason. */
export type MigrationGroup = "status" | "runs" | "failures";

/** A migration that is nothing but SQL, in words that every engine knows. */
export interface SqlMigration {
  readonly name: string;
  readonly up: readonly string[];
  readonly down: readonly string[];
}

/** How the contract gets at the migrations that it checks. */
export interface TenantMigrationsHarness {
  /** Makes a place for the tenants of one test, such as a folder; nobody else's tenants are there. */
  create(): MaybePromise<MigrationPlace>;
  /** The engine takes back what a failed migration changed. */
  readonly transactionalDdl: boolean;
  /** Tenants share their tables, so that whoever is migrated first migrates all. */
  readonly shared?: boolean;
  readonly leftOut?: LeftOut<MigrationGroup>;
}

/** Where the tenants of one test live. */
export interface MigrationPlace {
  /** Starts an application there whose migrations are these, beside those that were started before. */
  start(migrations: readonly SqlMigration[]): MaybePromise<MigratedSite>;
  /** Closes the applications and removes the place. */
  remove(): MaybePromise<void>;
}

/** An application whose tenants' tables are made by migrations. */
export interface MigratedSite {
  readonly databases: TenantDatabases;
  /** Runs SQL where the tenant's tables are, as whoever may do everything there. */
  query(tenant: Tenant, sql: string): Promise<readonly object[]>;
}
