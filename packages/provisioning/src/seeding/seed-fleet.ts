import {
  type FleetSeedingOptions,
  outsideTenancy,
  type SeededTenant,
  type SeedingReport,
  type TenantRecord,
} from "@af-tenancy/core";
import { eachOf } from "../migrations/each-of.ts";
import { migratedStatuses } from "../migrations/fleet-schemas.ts";
import { named } from "../migrations/select-tenants.ts";
import { readAnew } from "../read-anew.ts";
import { tellWatchers } from "../tell-watchers.ts";
import type { Workplace } from "../workplace.ts";
import { requireSeeding } from "./require-seeding.ts";
import { seedTenant, type Turn } from "./seed-tenant.ts";
import { type CheckedSeeding, checkedSeeding } from "./seeding-options.ts";
import { seedingReport } from "./seeding-report.ts";

/** Seeds the tenants that the options name; which seeders each has had stands in its own database. */
export async function seedFleet(
  workplace: Workplace,
  options?: FleetSeedingOptions,
): Promise<SeedingReport> {
  const seeding = requireSeeding(workplace.databases);
  const checked = checkedSeeding(seeding, options);
  const { request, retries } = checked;
  const { closing, events } = workplace;
  const signal = checked.signal ? AbortSignal.any([closing, checked.signal]) : closing;
  const ids = await selected(workplace, checked);
  const tenants: SeededTenant[] = [];
  let isStopped = false;
  const visit = async (turn: Turn) => {
    const tenant = await seedTenant({ workplace, seeding, request, retries, signal }, turn);
    tenants.push(tenant);
    isStopped ||= checked.stops && tenant.state === "failed";
    const event = { tenant, position: tenants.length };
    await tellWatchers(workplace, "seedingProgress", event, tenant.tenantId);
  };
  try {
    const turns = turnsOf(workplace, ids);
    const isOver = () => isStopped || signal.aborted;
    await outsideTenancy(() => eachOf(turns, checked.concurrency, visit, isOver));
  } catch (error) {
    closing.throwIfAborted();
    if (!signal.aborted) throw error;
  }
  closing.throwIfAborted();
  const report = seedingReport(tenants, ids.length);
  await events.emit("seedingEnded", { report });
  return report;
}

async function selected(workplace: Workplace, options: CheckedSeeding): Promise<readonly string[]> {
  const { tenants, plan, pending } = options;
  const statuses = pending ? [...migratedStatuses, "pending" as const] : migratedStatuses;
  const list: Iterable<TenantRecord> | AsyncIterable<TenantRecord> =
    tenants === undefined
      ? workplace.registry.store.list({ statuses })
      : await named(workplace, "options.tenants", tenants);
  const ids: string[] = [];
  for await (const tenant of list) {
    if (tenants === undefined && tenant.placement === undefined) continue;
    if (plan === undefined || tenant.plan === plan) ids.push(tenant.id);
  }
  return ids;
}

/** Reads tenants page by page, each shortly before its turn. */
async function* turnsOf({ registry }: Workplace, ids: readonly string[]): AsyncGenerator<Turn> {
  for (let from = 0; from < ids.length; from += pageSize) {
    const page = ids.slice(from, from + pageSize);
    const { tenants, busyWith } = await readAnew(registry, page);
    yield* page.map((tenantId) => {
      const tenant = tenants.get(tenantId);
      return { tenantId, tenant, busyWith: busyWith.get(tenantId) };
    });
  }
}

/** Small enough that what is known of its last tenant is young when its turn comes. */
const pageSize = 100;
