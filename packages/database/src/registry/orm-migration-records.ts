import {
  InvalidInputError,
  type MigrationPlan,
  type MigrationPlanStore,
  type MigrationRecords,
  type PlannedCount,
  type PlannedTenant,
  type PlannedTenantStore,
} from "@af-tenancy/core";
import { raw } from "@mikro-orm/sql";
import type { PlannedTenantRow, PlanRow } from "./entities.ts";
import { ormSchemas } from "./orm-schemas.ts";
import { type RegistrySession, writeUnique } from "./registry-session.ts";

/** Makes the records of schemas and plans on the tables of one transaction. */
export function ormMigrationRecords(session: RegistrySession): MigrationRecords {
  return {
    schemas: ormSchemas(session),
    migrationPlans: migrationPlans(session),
    plannedTenants: plannedTenants(session),
  };
}

function migrationPlans({
  entities: { Plan, PlannedTenant },
  em,
  endsWhenRefused,
  now,
}: RegistrySession): MigrationPlanStore {
  const find = async (id: string) => {
    const row = await em().findOne(Plan, { id }, fresh);
    return row === null ? undefined : planOf(row);
  };
  return {
    async insert({ id, direction, options, upToDate, actor }, tenants) {
      await writeUnique(
        { em, endsWhenRefused },
        (manager) =>
          manager.insert(Plan, {
            ...{ id, direction, options: JSON.stringify(options), upToDate },
            ...{ actor: actor ?? null, createdAt: raw<number>(now) },
          }),
        async () => new InvalidInputError("id", id, "another plan has it"),
      );
      for (let from = 0; from < tenants.length; from += chunk) {
        const rows = tenants.slice(from, from + chunk).map(({ tenantId, position, wave }) => ({
          ...{ planId: id, tenantId, position, wave },
          ...{ state: "waiting" as const, attempts: 0, mark: null, result: null },
        }));
        await em().insertMany(PlannedTenant, rows);
      }
      return (await find(id)) as MigrationPlan;
    },

    find,

    async list(limit) {
      const rows = await em().find(Plan, {}, { ...fresh, orderBy: { sequence: "desc" }, limit });
      return rows.map(planOf);
    },

    async count(id) {
      const counted: { wave: number; state: PlannedCount["state"]; tenants: number | string }[] =
        await em().execute(
          "select wave, state, count(*) as tenants from migration_plan_tenants where plan_id = ? " +
            "group by wave, state order by wave",
          [id],
        );
      return counted.map((one) => ({ ...one, tenants: Number(one.tenants) }));
    },
  };
}

function plannedTenants({ entities: { PlannedTenant }, em }: RegistrySession): PlannedTenantStore {
  return {
    async list(planId, { states, wave, tenantIds, after, limit = 500 } = {}) {
      const rows = await em().find(
        PlannedTenant,
        {
          planId,
          ...(states !== undefined && { state: { $in: [...states] } }),
          ...(wave !== undefined && { wave }),
          ...(tenantIds !== undefined && { tenantId: { $in: [...tenantIds] } }),
          ...(after !== undefined && { position: { $gt: after } }),
        },
        { ...fresh, orderBy: { position: "asc" }, limit },
      );
      return rows.map(plannedOf);
    },

    /** Two statements for each chunk, however different its rows are. */
    async save(planId, tenants) {
      for (let from = 0; from < tenants.length; from += chunk) {
        const rows = tenants.slice(from, from + chunk).map(({ mark, result, ...rest }) => ({
          ...{ planId, ...rest },
          mark: mark === undefined ? null : JSON.stringify(mark),
          result: result === undefined ? null : JSON.stringify(result),
        }));
        const positions = rows.map(({ position }) => position);
        await em().nativeDelete(PlannedTenant, { planId, position: { $in: positions } });
        await em().insertMany(PlannedTenant, rows);
      }
    },
  };
}

/** How many rows one statement has at most. */
const chunk = 500;

/** Rows are read as they stand and remembered nowhere. */
const fresh = { disableIdentityMap: true } as const;

function planOf(row: PlanRow): MigrationPlan {
  return Object.freeze({
    id: row.id,
    direction: row.direction,
    options: JSON.parse(row.options),
    upToDate: row.upToDate,
    actor: row.actor ?? undefined,
    createdAt: row.createdAt,
  });
}

function plannedOf(row: PlannedTenantRow): PlannedTenant {
  return Object.freeze({
    tenantId: row.tenantId,
    position: row.position,
    wave: row.wave,
    state: row.state,
    attempts: row.attempts,
    mark: row.mark == null ? undefined : JSON.parse(row.mark),
    result: row.result == null ? undefined : resultOf(row.result),
  });
}

/** What is not there is left out of the text. */
function resultOf(text: string): PlannedTenant["result"] {
  const { before, after, migrations, failure } = JSON.parse(text);
  if (failure === undefined) return { before, after, migrations, failure };
  const { code, message, migration, sql } = failure;
  return { before, after, migrations, failure: { code, message, migration, sql } };
}
