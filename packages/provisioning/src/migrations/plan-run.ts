import type {
  MigrationPlan,
  PlannedTenant,
  RecordedSchema,
  TenantMigrations,
  TenantRecord,
} from "@af-tenancy/core";
import type { Workplace } from "../workplace.ts";
import type { PlanLease } from "./plan-lease.ts";
import type { PlanCare } from "./plan-options.ts";
import type { SharedWork } from "./shared-work.ts";

/** What one run of a plan works with. */
export interface PlanRun {
  readonly workplace: Workplace;
  readonly migrations: TenantMigrations;
  readonly plan: MigrationPlan;
  readonly care: PlanCare;
  readonly lease: PlanLease;
  readonly shared: SharedWork;
}

/** A tenant of a plan as the registry has it shortly before its turn. */
export interface Candidate {
  readonly planned: PlannedTenant;
  /** `undefined` once it is gone. */
  readonly tenant: TenantRecord | undefined;
  /** The kind of the operation that is open for it. */
  readonly busyWith: string | undefined;
}

/** What became of a tenant, and how far its schema is where that is known. */
export interface Outcome {
  readonly planned: PlannedTenant;
  readonly schema: RecordedSchema | undefined;
}
