import type { MigrationPlanOptions, MigrationPreview, MigrationRun } from "@af-tenancy/core";
import { requireTenant } from "../require-tenant.ts";
import type { Workplace } from "../workplace.ts";
import { eachOf } from "./each-of.ts";
import { checkedPlan } from "./plan-options.ts";
import { requireMigrations } from "./require-migrations.ts";
import { selectTenants } from "./select-tenants.ts";
import { type Selected, unitsOf } from "./shared-tables.ts";

/** Gives the SQL that a plan would run now, once for all tenants that would get the same. */
export async function previewPlan(
  workplace: Workplace,
  options?: MigrationPlanOptions,
): Promise<readonly MigrationPreview[]> {
  const migrations = requireMigrations(workplace);
  const plan = checkedPlan(workplace, options);
  const { direction } = plan;
  const { steps } = plan.care;
  const request = { direction, dryRun: true, ...(steps !== undefined && { steps }) };
  const { tenants } = await selectTenants(workplace, plan);
  const groups = new Map<string, { preview: Omit<MigrationPreview, "tenants">; ids: string[] }>();
  const unread: MigrationPreview[] = [];

  /** One tenant's database that is away keeps nobody from seeing what the others get. */
  async function lookInto(unit: readonly Selected[]): Promise<MigrationRun | undefined> {
    try {
      return await migrations.run(await requireTenant(workplace, unit[0]?.id ?? ""), request);
    } catch (error) {
      unread.push({ migrations: [], sql: undefined, tenants: idsOf(unit), error });
      return undefined;
    }
  }

  await eachOf(unitsOf(tenants), atATime, async (unit) => {
    workplace.closing.throwIfAborted();
    const run = await lookInto(unit);
    if (run === undefined || run.migrations.length === 0) return;
    const preview = previewOf(run);
    const key = JSON.stringify(preview);
    const group = groups.get(key) ?? { preview, ids: [] };
    group.ids.push(...idsOf(unit));
    groups.set(key, group);
  });
  const known = [...groups.values()].map(({ preview, ids }) => ({
    ...preview,
    tenants: ids.sort(),
  }));
  return [...known, ...unread.sort((one, other) => (firstOf(one) < firstOf(other) ? -1 : 1))];
}

function firstOf({ tenants: [id = ""] }: MigrationPreview): string {
  return id;
}

function idsOf(unit: readonly Selected[]): string[] {
  return unit.map(({ id }) => id).sort();
}

const atATime = 4;

function previewOf({ migrations }: MigrationRun): Omit<MigrationPreview, "tenants"> {
  const isKnown = migrations.every(({ sql }) => sql !== undefined);
  return {
    migrations: migrations.map(({ name }) => name),
    sql: isKnown ? migrations.flatMap(({ sql = [] }) => sql) : undefined,
  };
}
