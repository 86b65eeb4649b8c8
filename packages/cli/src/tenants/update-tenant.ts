import type { Tenancy, TenantRecord, TenantUpdate } from "@af-tenancy/core";
import type { Outcome } from "../command/define-command.ts";
import type { Session } from "../command/session.ts";
import { changeOutcome, changesBetween } from "./change-outcome.ts";
import { measure } from "./measure.ts";

/** What is to change in a tenant. */
export interface Update {
  readonly changes: TenantUpdate;
  /** What else, after that, and what it would look like. */
  readonly more?: {
    readonly would: Partial<TenantRecord>;
    act(tenancy: Tenancy): Promise<TenantRecord | undefined>;
  };
  readonly reason: string | undefined;
  done(slug: string): string;
}

/** Changes a tenant, or tells what would change after it was checked. */
export async function updateTenant(
  session: Session,
  tenant: TenantRecord,
  { changes, more, reason, done }: Update,
): Promise<Outcome> {
  const cost = measure();
  const { tenancy, actor } = await session.application();
  const { tenants } = tenancy;
  const { domains: _elsewhere, idempotencyKey: _key, ...attributes } = changes;
  const hasChanges = Object.keys(attributes).length > 0;
  if (session.settings.dryRun) {
    if (hasChanges) await tenants.rehearse(changes, tenant);
    const would = { ...tenant, ...attributes, ...more?.would } as TenantRecord;
    const told = changesBetween(tenant, would, fields);
    return changeOutcome(session, { tenants: [tenant], changes: told, cost: cost(), done: "" });
  }
  const origin = { actor, ...(reason !== undefined && { reason }) };
  const after = await tenancy.central(async () => {
    const updated = hasChanges ? await tenants.update(tenant, changes) : tenant;
    return (await more?.act(tenancy)) ?? updated;
  }, origin);
  const told = changesBetween(tenant, after, fields);
  return changeOutcome(session, {
    ...{ tenants: [after], changes: told, cost: cost() },
    done: done(after.slug),
  });
}

const fields = Object.freeze([
  ...(["slug", "name", "plan", "metadata", "homepage", "status"] as const),
  ...(["access", "expiresAt"] as const),
]);
