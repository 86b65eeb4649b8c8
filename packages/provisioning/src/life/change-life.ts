import {
  ClockAheadError,
  type JsonValue,
  type Origin,
  type TenantChanges,
  type TenantLike,
  type TenantRecord,
} from "@af-tenancy/core";
import { requireTenant } from "../require-tenant.ts";
import { retryStale } from "../retry-stale.ts";
import { tenantChange } from "../tenant-change.ts";
import type { Workplace } from "../workplace.ts";

/** What is to change in a tenant as it was read. */
export interface LifeChange {
  readonly changes: TenantChanges;
  /** When the change is due, in milliseconds since 1970; it is taken back where the registry's time is not there yet. */
  readonly dueAt?: number | undefined;
  /** What that is called in the outbox and the audit trail. */
  readonly acts: readonly LifeAct[];
}

/** A change by its name, such as `tenant.suspended`, and what the audit trail keeps of it. */
export interface LifeAct {
  readonly type: string;
  readonly details: JsonValue;
}

/** A tenant before and after its change; the same record twice where nothing was to be changed. */
export interface ChangedTenant {
  readonly before: TenantRecord;
  readonly after: TenantRecord;
}

/**
 * Changes a tenant's life in one transaction, by compare-and-set: what `plan` makes of it is written together with its
 * outbox and audit entries. Where somebody else was faster it is read and planned anew. Nothing is written where `plan`
 * gives nothing, and nothing is kept of what is not due: then `ClockAheadError` is thrown.
 */
export async function changeLife(
  workplace: Workplace,
  reference: TenantLike,
  reason: string | undefined,
  plan: (tenant: TenantRecord) => Promise<LifeChange | undefined>,
): Promise<ChangedTenant> {
  const origin = { ...workplace.origin(), ...(reason !== undefined && { reason }) };
  return retryStale(async () => {
    const before = await requireTenant(workplace, reference);
    const change = await plan(before);
    const after = change === undefined ? before : await write(workplace, before, change, origin);
    return { before, after };
  });
}

async function write(
  { registry }: Workplace,
  { id, version }: TenantRecord,
  { changes, acts, dueAt = 0 }: LifeChange,
  { actor, ...cause }: Origin,
): Promise<TenantRecord> {
  return registry.transaction(async ({ tenants, outbox, audit }) => {
    const after = await tenants.update(id, version, { ...changes, updatedBy: actor });
    if (after.updatedAt < dueAt) throw new ClockAheadError(dueAt - after.updatedAt);
    const domains = await tenants.domains(id);
    for (const { type, details } of acts) {
      await outbox.append(tenantChange(type, after, domains));
      await audit.append({ action: type, tenantId: id, actor, cause, details });
    }
    return after;
  });
}
