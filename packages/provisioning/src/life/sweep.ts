import {
  ClockAheadError,
  checkKnownOptions,
  isTenancyError,
  type SweepFailure,
  type SweepOptions,
  type SweepReport,
  type TenantFilter,
  type TenantRecord,
  tellFailure,
} from "@af-tenancy/core";
import { demand } from "../demand.ts";
import { pruneHistory as prune } from "../prune-history.ts";
import { purgeTenant } from "../purge-tenant.ts";
import type { Workplace } from "../workplace.ts";
import { moveTenant } from "./move-tenant.ts";
import { moves } from "./moves.ts";

/**
 * Suspends active tenants that have expired and purges deleted ones whose grace is over, one after the other. What
 * another process does at the same time is left to it; what fails does not keep the rest from being done.
 */
export async function sweep(
  workplace: Workplace,
  options: SweepOptions = {},
): Promise<SweepReport> {
  const { suspendExpired, purgeDeleted, limit, pruneHistory } = checked(options);
  const now = workplace.clock.now();
  const failed: SweepFailure[] = [];

  async function each(
    filter: TenantFilter,
    act: (tenant: TenantRecord) => Promise<boolean>,
  ): Promise<string[]> {
    const done: string[] = [];
    for await (const tenant of workplace.registry.store.list(filter)) {
      if (done.length === limit) break;
      workplace.closing.throwIfAborted();
      try {
        if (await act(tenant)) done.push(tenant.id);
      } catch (error) {
        if (error instanceof ClockAheadError) throw error;
        failed.push({ tenantId: tenant.id, error });
        await tellFailure(workplace, error, tenant.id);
      }
    }
    return done;
  }

  const expired: TenantFilter = { statuses: ["active"], expiredBy: now };
  const suspended = suspendExpired ? await each(expired, (one) => suspendOne(workplace, one)) : [];
  const over: TenantFilter = { statuses: ["deleted"], graceOverBy: now };
  const purged = purgeDeleted ? await each(over, (one) => purgeOne(workplace, one)) : [];
  const pruned = pruneHistory ? await prune(workplace) : nothing;
  return { suspended, purged, failed, pruned };
}

/** As of its expiry, and so that its renewal can tell that nobody but the clock suspended it. */
async function suspendOne(
  workplace: Workplace,
  { id, expiresAt: since }: TenantRecord,
): Promise<boolean> {
  const isDue = ({ status, expiresAt }: TenantRecord) => status === "active" && expiresAt === since;
  const call = { isDue, since, reason: "expired" };
  const { before, after } = await moveTenant(workplace, moves.suspend, id, call);
  return before.status !== after.status;
}

/** Whoever was faster has purged it, works on it, or has restored it. */
async function purgeOne(workplace: Workplace, { id }: TenantRecord): Promise<boolean> {
  try {
    await purgeTenant(workplace, id);
    return true;
  } catch (error) {
    if (isTenancyError(error) && leftToOthers.includes(error.code)) return false;
    throw error;
  }
}

const nothing = { changes: 0, operations: 0, plans: 0 } as const;

const leftToOthers: readonly string[] = [
  "OPERATION_IN_FLIGHT",
  "TENANT_NOT_DELETED",
  "TENANT_NOT_FOUND",
];

function checked(options: SweepOptions): Required<SweepOptions> {
  checkKnownOptions<SweepOptions>("sweep", options, {
    ...{ suspendExpired: true, purgeDeleted: true, limit: true, pruneHistory: true },
  });
  const { suspendExpired = true, purgeDeleted = true, limit = 100, pruneHistory = true } = options;
  for (const [key, value] of Object.entries({ suspendExpired, purgeDeleted, pruneHistory })) {
    demand(`sweep.${key}`, value, typeof value === "boolean", "give true or false.");
  }
  const isCount = Number.isSafeInteger(limit) && limit >= 1;
  demand("sweep.limit", limit, isCount, "give a whole number, 1 or more.");
  return { suspendExpired, purgeDeleted, limit, pruneHistory };
}
