import type { PlannedTenant } from "@af-tenancy/core";
import { readAnew } from "../read-anew.ts";
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
  const ids = page.map(({ tenantId }) => tenantId);
  const { tenants, busyWith } = await readAnew(registry, ids);
  return page.map((planned) => {
    const { tenantId } = planned;
    return { planned, tenant: tenants.get(tenantId), busyWith: busyWith.get(tenantId) };
  });
}

/** Small enough that what is known of its last tenant is young when its turn comes. */
const pageSize = 100;
