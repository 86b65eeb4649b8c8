import type { TenantRecord, TenantReference } from "@af-tenancy/core";
import { everyStatus } from "../read-anew.ts";
import { refuse } from "../refuse.ts";
import { requireTenant } from "../require-tenant.ts";
import type { Workplace } from "../workplace.ts";
import { isSchemaBehind, migratedStatuses, schemaSummary } from "./fleet-schemas.ts";
import type { CheckedPlan } from "./plan-options.ts";
import { requireMigrations } from "./require-migrations.ts";
import { type Selected, selected, withSharers } from "./shared-tables.ts";

/** Whom a plan migrates. */
export interface Selection {
  /** In order of id, or as they were named; then those that only share tables with them. */
  readonly tenants: readonly Selected[];
  /** How many others need nothing, as the registry says. */
  readonly upToDate: number;
}

/**
 * Finds the tenants of a plan; those without a database are nobody's business. Who shares tables with one of them is
 * migrated with it. Throws `InvalidInputError` where shared tables were to be made afresh.
 */
export async function selectTenants(workplace: Workplace, plan: CheckedPlan): Promise<Selection> {
  const { tenants, upToDate } = await selectOwn(workplace, plan);
  if (plan.direction === "fresh") refuseShared(tenants);
  const migrations = requireMigrations(workplace);
  const isWanted = (tenant: TenantRecord) => !trustsRegistry(plan) || migrations.isBehind(tenant);
  return { tenants: await withSharers(workplace, tenants, isWanted), upToDate };
}

function refuseShared(tenants: readonly Selected[]): void {
  const found = tenants.find(({ shared }) => shared !== undefined);
  if (found === undefined) return;
  const rule = `tenant "${found.id}" shares its tables: name those that do not, or purge it instead`;
  refuse("options.direction", "fresh", rule);
}

async function selectOwn(workplace: Workplace, plan: CheckedPlan): Promise<Selection> {
  if (plan.tenants !== undefined) {
    return partition(workplace, plan, await named(workplace, "options.tenants", plan.tenants));
  }
  const statuses = plan.pending ? [...migratedStatuses, "pending" as const] : migratedStatuses;
  const { store } = workplace.registry;
  if (trustsRegistry(plan) && plan.plan === undefined) {
    const { schemas, upToDate } = await schemaSummary(workplace, statuses);
    const migrations = requireMigrations(workplace);
    const behind = schemas.filter((schema) => isSchemaBehind(migrations, schema));
    const tenants: Selected[] = [];
    if (behind.length === 0) return { tenants, upToDate };
    for await (const tenant of store.list({ statuses, schemas: behind })) {
      tenants.push(selected(tenant));
    }
    return { tenants, upToDate };
  }
  return partition(workplace, plan, store.list({ statuses }));
}

/** Reads the tenants that references name; throws `TenantNotFoundError`, and `InvalidInputError` for one named twice. */
export async function named(
  workplace: Workplace,
  field: string,
  references: readonly TenantReference[],
): Promise<readonly TenantRecord[]> {
  const tenants = new Map<string, TenantRecord>();
  const byId = await readById(workplace, references);
  for (const [index, reference] of references.entries()) {
    const known = reference.by === "id" ? byId.get(reference.value) : undefined;
    const tenant = known ?? (await requireTenant(workplace, reference));
    if (tenants.has(tenant.id)) {
      refuse(`${field}[${index}]`, reference.value, "it stands in the list twice");
    }
    tenants.set(tenant.id, tenant);
  }
  return [...tenants.values()];
}

/** Those that are named by an ordinary id, many with one query. */
async function readById(
  { registry }: Workplace,
  references: readonly TenantReference[],
): Promise<ReadonlyMap<string, TenantRecord>> {
  const ids = references.flatMap(({ by, value }) =>
    by === "id" && ordinaryId.test(value) ? [value] : [],
  );
  const found = new Map<string, TenantRecord>();
  for (let from = 0; from < ids.length; from += atATime) {
    const filter = { ids: ids.slice(from, from + atATime), statuses: everyStatus };
    for await (const tenant of registry.store.list(filter)) found.set(tenant.id, tenant);
  }
  return found;
}

const ordinaryId = /^[\w-]{1,64}$/;
const atATime = 500;

async function partition(
  workplace: Workplace,
  plan: CheckedPlan,
  candidates: Iterable<TenantRecord> | AsyncIterable<TenantRecord>,
): Promise<Selection> {
  const migrations = requireMigrations(workplace);
  const tenants: Selected[] = [];
  let upToDate = 0;
  for await (const tenant of candidates) {
    if (tenant.placement === undefined) continue;
    if (plan.plan !== undefined && tenant.plan !== plan.plan) continue;
    if (trustsRegistry(plan) && !migrations.isBehind(tenant)) upToDate += 1;
    else tenants.push(selected(tenant));
  }
  return { tenants, upToDate };
}

/** Only the way up ends at what the registry has written down. */
function trustsRegistry({ direction, care }: CheckedPlan): boolean {
  return direction === "up" && !care.force;
}
