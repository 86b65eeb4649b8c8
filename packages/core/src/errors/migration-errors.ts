import { TenancyError } from "./tenancy-error.ts";

/** Thrown while another process runs migrations of the same tenant; nothing was changed. */
export class MigrationLockedError extends TenancyError {
  readonly code = "MIGRATION_LOCKED";
  override readonly status = 409;
  override readonly publicMessage = "The account is being updated; try again soon.";
  override readonly transient = true;

  constructor(tenantId: string) {
    super(
      `Migrations of tenant "${tenantId}" are run by another process: wait until it has finished.`,
    );
  }
}

/** Thrown when a migration was cut off half-way where the engine cannot take it back; nothing was changed since. */
export class MigrationDirtyError extends TenancyError {
  readonly code = "MIGRATION_DIRTY";
  readonly migration: string;

  constructor(tenantId: string, migration: string) {
    super(
      `The migration "${migration}" of tenant "${tenantId}" was cut off half-way: look at its tables, mend them, then ` +
        'call resolve() with "applied" or "reverted".',
    );
    this.migration = migration;
  }
}

/** Thrown when a migration of a tenant fails. */
export class MigrationFailedError extends TenancyError {
  readonly code = "MIGRATION_FAILED";
  readonly migration: string;
  /** The statement that failed, as the migration wrote it; `undefined` where it was none. */
  readonly sql: string | undefined;

  constructor(tenantId: string, migration: string, sql: string | undefined, options: ErrorOptions) {
    super(
      `The migration "${migration}" of tenant "${tenantId}" failed: see the cause and the SQL, mend it, then migrate ` +
        "this tenant again.",
      options,
    );
    this.migration = migration;
    this.sql = sql;
  }
}
