import type { PlannedTenant, TenantRecord, TenantStatus } from "@af-tenancy/core";
import type { Candidate, PlanRun } from "./plan-run.ts";

/** Reads the tenants of a wave that are not done, page by page, each page with two queries for what is known of them. */
export async function* candidatesOf(run: PlanRun, wave: number): AsyncGenerator<Candidate> {
  const { registry } = run.workplace;
  for (let after = -1; ; ) {
    const filter = { wave, after, states: ["waiting", "failed"], limit: pageSize } as const;
    const page = await registry.transaction(({ plannedTenants }) =>
      plannedTenants.list(run.plan.id, filter),
    );
    yield* await lookAt(run, page);
    const last = page.at(-1);
    if (last === undefined || page.length < pageSize) return;
    after = last.position;
  }
}

/** Reads tenants again that are to be tried once more. */
export async function* candidatesAgain(
  run: PlanRun,
  planned: readonly PlannedTenant[],
): AsyncGenerator<Candidate> {
  for (let from = 0; from < planned.length; from += pageSize) {
    yield* await lookAt(run, planned.slice(from, from + pageSize));
  }
}

async function lookAt(
  { workplace: { registry } }: PlanRun,
  page: readonly PlannedTenant[],
): Promise<readonly Candidate[]> {
  const open = await registry.transaction(({ operations }) => operations.unfinished());
  const kinds = new Map(open.map(({ tenantId, kind }) => [tenantId, kind]));
  const ids = page.map(({ tenantId }) => tenantId);
  const byId = new Map<string, TenantRecord>();
  for await (const tenant of registry.store.list({ ids, statuses: everyStatus })) {
    byId.set(tenant.id, tenant);
  }
  return page.map((planned) => ({
    ...{ planned, tenant: byId.get(planned.tenantId), busyWith: kinds.get(planned.tenantId) },
  }));
}

/** Small enough that what is known of its last tenant is young when its turn comes. */
const pageSize = 100;

const everyStatus: readonly TenantStatus[] = [
  ...(["provisioning", "pending", "active", "inactive", "suspended"] as const),
  ...(["blocked", "archived", "deleting", "deleted", "failed"] as const),
];
