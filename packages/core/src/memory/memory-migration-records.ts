import type { Clock } from "../contracts/clock.ts";
import type {
  MigrationPlan,
  MigrationPlanStore,
  MigrationRecords,
  PlannedFilter,
  PlannedTenant,
  PlannedTenantStore,
} from "../contracts/migration-records.ts";
import { InvalidInputError } from "../errors/registry-errors.ts";
import { frozenCopy } from "./frozen-copy.ts";
import { plannedKey } from "./memory-history.ts";
import { memorySchemas } from "./memory-schemas.ts";
import type { RegistryTables } from "./registry-tables.ts";

/** Makes the records of schemas and plans on the tables of one transaction. */
export function memoryMigrationRecords(
  tables: () => RegistryTables,
  clock: Clock,
): MigrationRecords {
  return {
    schemas: memorySchemas(tables, clock),
    migrationPlans: migrationPlans(tables, clock),
    plannedTenants: plannedTenants(tables),
  };
}

function migrationPlans(tables: () => RegistryTables, clock: Clock): MigrationPlanStore {
  const newestFirst = () => [...tables().plans.values()].reverse();
  return {
    async insert(plan, tenants) {
      const { plans, planNumbers, planned, cursors } = tables();
      if (planNumbers.get(plan.id) !== undefined) {
        throw new InvalidInputError("id", plan.id, "another plan has it");
      }
      const kept: MigrationPlan = frozenCopy({ ...plan, createdAt: clock.now() });
      const number = (cursors.get("plan") ?? 0) + 1;
      cursors.set("plan", number);
      plans.set(number, kept);
      planNumbers.set(plan.id, number);
      for (const tenant of tenants) {
        const fresh = {
          state: "waiting",
          attempts: 0,
          mark: undefined,
          result: undefined,
        } as const;
        planned.set(plannedKey(plan.id, tenant.position), {
          planId: plan.id,
          tenant: frozenCopy({ ...tenant, ...fresh }),
        });
      }
      return kept;
    },

    async find(id) {
      return newestFirst().find((plan) => plan.id === id);
    },

    async list(limit) {
      return newestFirst().slice(0, limit);
    },

    async count(id) {
      const counted = new Map<
        string,
        { wave: number; state: PlannedTenant["state"]; tenants: number }
      >();
      for (const { wave, state } of tenantsOf(tables(), id)) {
        const count = counted.get(`${wave} ${state}`) ?? { wave, state, tenants: 0 };
        counted.set(`${wave} ${state}`, { ...count, tenants: count.tenants + 1 });
      }
      return [...counted.values()].sort((one, other) => one.wave - other.wave);
    },
  };
}

function plannedTenants(tables: () => RegistryTables): PlannedTenantStore {
  return {
    async list(planId, filter = {}) {
      const found = tenantsOf(tables(), planId).filter((tenant) => matches(tenant, filter));
      found.sort((one, other) => one.position - other.position);
      return found.slice(0, filter.limit ?? 500);
    },

    async save(planId, tenants) {
      const { planned } = tables();
      for (const tenant of tenants) {
        planned.set(plannedKey(planId, tenant.position), { planId, tenant: frozenCopy(tenant) });
      }
    },
  };
}

function tenantsOf({ planned }: RegistryTables, planId: string): PlannedTenant[] {
  return [...planned.values()].flatMap((entry) => (entry.planId === planId ? [entry.tenant] : []));
}

function matches(
  { state, wave, tenantId, position }: PlannedTenant,
  { states, wave: asked, tenantIds, after }: PlannedFilter,
): boolean {
  return (
    (states === undefined || states.includes(state)) &&
    (asked === undefined || wave === asked) &&
    (tenantIds === undefined || tenantIds.includes(tenantId)) &&
    (after === undefined || position > after)
  );
}
