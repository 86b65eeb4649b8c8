import type {
  CentralRegistry,
  MigrationPlan,
  PlannedState,
  TenantMigrations,
  TenantRecord,
  TenantStatus,
} from "@af-tenancy/core";
import { everyStatus } from "../tenants/every-status.ts";

/** What is asked about tenants of plans; without a list nobody's schema is known to be whole. */
export interface Schemas {
  readonly registry: CentralRegistry;
  readonly list: Pick<TenantMigrations, "isBehind"> | undefined;
}

/** Which tenants of a plan are asked for. */
export interface Left {
  readonly plan: MigrationPlan;
  /** The ids of the plans that were made after it. */
  readonly newer: readonly string[];
  readonly states: readonly PlannedState[];
}

/**
 * Gives the tenants that a plan left in such a state and that lack to this day what it was to bring: who is gone, has it by
 * now, or had a turn in a newer plan does not.
 */
export async function stillLacking(
  { registry, list }: Schemas,
  { plan, newer, states }: Left,
): Promise<readonly TenantRecord[]> {
  const lacking: TenantRecord[] = [];
  for (let after = -1; ; ) {
    const page = await registry.transaction(({ plannedTenants }) =>
      plannedTenants.list(plan.id, { states, after }),
    );
    const last = page.at(-1);
    if (last === undefined) return lacking;
    after = last.position;
    const stateOf = new Map(page.map(({ tenantId, state }) => [tenantId, state]));
    const behind: TenantRecord[] = [];
    for await (const tenant of registry.store.list({ ids: [...stateOf.keys()], statuses })) {
      const isMeant = meantAnyhow(plan, stateOf.get(tenant.id));
      if (isMeant || (list?.isBehind(tenant) ?? true)) behind.push(tenant);
    }
    lacking.push(...(await withoutTaken(registry, behind, newer)));
  }
}

/** Leaves out those that had their turn in one of these plans. */
async function withoutTaken(
  registry: CentralRegistry,
  tenants: readonly TenantRecord[],
  plans: readonly string[],
): Promise<readonly TenantRecord[]> {
  let left = tenants;
  for (const id of plans) {
    if (left.length === 0) break;
    const tenantIds = left.map((tenant) => tenant.id);
    const taken = await registry.transaction(({ plannedTenants }) =>
      plannedTenants.list(id, { tenantIds, states: ["done", "failed", "quarantined"] }),
    );
    const ids = new Set(taken.map(({ tenantId }) => tenantId));
    left = left.filter((tenant) => !ids.has(tenant.id));
  }
  return left;
}

/** The registry cannot say it of a plan that goes back or makes anew, nor of who waits for the look of `--force`. */
function meantAnyhow({ direction, options }: MigrationPlan, state: PlannedState | undefined) {
  const { force } = Object(options) as { readonly force?: unknown };
  return direction !== "up" || (force === true && state === "waiting");
}

/** All whom a plan would migrate: `deleted` ones are no more in anybody's way. */
const statuses: readonly TenantStatus[] = Object.freeze([
  ...everyStatus.filter((status) => status !== "deleted"),
  "pending",
]);
