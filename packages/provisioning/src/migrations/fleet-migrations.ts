import type {
  FleetMigrations,
  MigrationPlan,
  MigrationPlanOptions,
  MigrationPreview,
  MigrationReport,
  MigrationRunOptions,
  MigrationStatus,
  SchemaSummary,
  TenantLike,
  TenantReference,
} from "@af-tenancy/core";
import { refuse } from "../refuse.ts";
import { requireTenant } from "../require-tenant.ts";
import type { Workplace } from "../workplace.ts";
import { beginPlan } from "./begin-plan.ts";
import { schemaSummary } from "./fleet-schemas.ts";
import { planReport } from "./plan-report.ts";
import { previewPlan } from "./preview-plan.ts";
import { releaseTenants } from "./release-tenants.ts";
import { requireMigrations } from "./require-migrations.ts";
import { requirePlan } from "./require-plan.ts";
import { runPlan } from "./run-plan.ts";

/** Runs work of provisioning, which is waited for when the tenancy closes. */
export type Work = <R>(work: (workplace: Workplace) => Promise<R>) => Promise<R>;

/** Makes what `tenancy.tenants.migrations` is. */
export class FleetMigrationCalls implements FleetMigrations {
  readonly #work: Work;

  constructor(work: Work) {
    this.#work = work;
  }

  begin(options?: MigrationPlanOptions): Promise<MigrationPlan> {
    return this.#work((workplace) => beginPlan(workplace, options));
  }

  preview(options?: MigrationPlanOptions): Promise<readonly MigrationPreview[]> {
    return this.#work((workplace) => previewPlan(workplace, options));
  }

  run(planId: string, options?: MigrationRunOptions): Promise<MigrationReport> {
    return this.#work((workplace) => runPlan(workplace, planId, options));
  }

  report(planId: string): Promise<MigrationReport> {
    return this.#work(async (workplace) =>
      planReport(workplace, await requirePlan(workplace, planId)),
    );
  }

  release(planId: string, tenants?: readonly TenantReference[]): Promise<number> {
    return this.#work((workplace) => releaseTenants(workplace, planId, tenants));
  }

  summary(): Promise<SchemaSummary> {
    return this.#work((workplace) => schemaSummary(workplace));
  }

  status(tenant: TenantLike): Promise<MigrationStatus> {
    return this.#work(async (workplace) =>
      requireMigrations(workplace).status(await requireTenant(workplace, tenant)),
    );
  }

  resolve(tenant: TenantLike, name: string, outcome: "applied" | "reverted"): Promise<void> {
    return this.#work(async (workplace) => {
      if (outcome !== "applied" && outcome !== "reverted") {
        refuse("outcome", outcome, 'use "applied" or "reverted"');
      }
      const found = await requireTenant(workplace, tenant);
      await requireMigrations(workplace).resolve(found, name, outcome);
    });
  }

  plans(limit = 20): Promise<readonly MigrationPlan[]> {
    return this.#work(async ({ registry }) => {
      const isCount = Number.isSafeInteger(limit) && limit >= 1 && limit <= 1_000;
      if (!isCount) refuse("limit", limit, "use a whole number, 1 to 1000");
      return registry.transaction(({ migrationPlans }) => migrationPlans.list(limit));
    });
  }
}
