import { TenancyError } from "./tenancy-error.ts";

/** Thrown when no plan has the id. */
export class MigrationPlanNotFoundError extends TenancyError {
  readonly code = "MIGRATION_PLAN_NOT_FOUND";
  override readonly status = 404;
  override readonly publicMessage = "There is no such plan.";

  constructor(planId: string) {
    super(`There is no migration plan "${planId}": list them with tenants.migrations.plans().`);
  }
}

/** Thrown when another process runs the plan; a command exits with 4. */
export class MigrationPlanHeldError extends TenancyError {
  readonly code = "MIGRATION_PLAN_HELD";
  override readonly status = 409;
  override readonly publicMessage = "The plan is being carried out already.";

  constructor(planId: string) {
    super(
      `The migration plan "${planId}" is run by another process: wait for it; if that died, run the plan again once its ` +
        "lease is over.",
    );
  }
}

/** Thrown when a tenant's migrations took longer than its plan allows. */
export class MigrationTimeoutError extends TenancyError {
  readonly code = "MIGRATION_TIMEOUT";

  constructor(tenantId: string, milliseconds: number) {
    super(
      `Migrations of tenant "${tenantId}" took longer than ${milliseconds} ms: what is under way ends by itself; run ` +
        "the plan again, or make one with a longer timeoutMs.",
    );
  }
}
