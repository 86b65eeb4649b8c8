import type {
  JsonValue,
  OperationRecord,
  OperationStore,
  PurgeOptions,
  RegistryTransaction,
  TenantLike,
  TenantRecord,
} from "@af-tenancy/core";
import { assertPurgeable } from "./assert-purgeable.ts";
import { giveUpDatabases } from "./give-up-databases.ts";
import type { Claim } from "./lease.ts";
import { openOperation } from "./open-operation.ts";
import { requireKind } from "./require-kind.ts";
import { requireTenant } from "./require-tenant.ts";
import { retryStale } from "./retry-stale.ts";
import { runSteps } from "./run-steps.ts";
import { tenantChange } from "./tenant-change.ts";
import { validatePurge } from "./validate-purge.ts";
import type { Workplace } from "./workplace.ts";

/**
 * Drops a tenant's database and forgets the tenant, after the listeners agreed. What was begun for it and nobody works on
 * any more is discarded, an earlier purge included. `check` may refuse it for what it reads then, and throws.
 */
export async function purgeTenant(
  workplace: Workplace,
  reference: TenantLike,
  wanted?: PurgeOptions,
  check: (tenant: TenantRecord) => void = () => undefined,
): Promise<OperationRecord> {
  const kind = requireKind(workplace, "purge");
  const options = validatePurge(wanted);
  const { clock, events } = workplace;
  const found = await requireTenant(workplace, reference);
  assertPurgeable(found, options, clock.now());
  check(found);
  await events.emit("tenantPurging", { vetoable: true, tenant: found });
  const claim = await retryStale(async () => {
    const tenant = await requireTenant(workplace, found.id);
    assertPurgeable(tenant, options, clock.now());
    check(tenant);
    return begin(workplace, kind.kind, tenant, options);
  });
  return runSteps(workplace, kind, claim);
}

async function begin(
  workplace: Workplace,
  kind: string,
  tenant: TenantRecord,
  options: Required<PurgeOptions>,
): Promise<Claim> {
  const intent = {
    tenantId: tenant.id,
    kind,
    generation: tenant.placement?.generation ?? 0,
    idempotencyKey: undefined,
    input: options as unknown as JsonValue,
    actor: workplace.actor(),
  };
  return openOperation(workplace, intent, async (transaction) => {
    await discardLeft(workplace, transaction.operations, tenant.id);
    const { updatedAt } = await markDeleting(transaction, tenant, intent.actor);
    // By the registry's own time: a clock that is ahead drops nothing that can still be restored.
    assertPurgeable(tenant, options, updatedAt);
  });
}

/** What somebody still works on stays, and has the new operation refused. */
async function discardLeft(
  { leaseMs, nextOwner, stopped }: Workplace,
  operations: OperationStore,
  tenantId: string,
): Promise<void> {
  const left = (await operations.unfinished()).find((one) => one.tenantId === tenantId);
  if (left === undefined) return;
  const owner = nextOwner();
  const claimed = await operations.claim(left.id, owner, leaseMs);
  if (claimed === undefined) return;
  await operations.save(left.id, owner, { state: "discarded" });
  stopped.delete(left.id);
}

/** From here on it is not found any more, and cannot be restored. */
async function markDeleting(
  transaction: RegistryTransaction,
  { id, version }: TenantRecord,
  actor: string | undefined,
): Promise<TenantRecord> {
  const { tenants, outbox } = transaction;
  const deleting = await tenants.update(id, version, {
    ...{ status: "deleting", deletedAt: undefined, graceUntil: undefined },
    updatedBy: actor,
  });
  await giveUpDatabases(transaction, id);
  await outbox.append(tenantChange("tenant.purging", deleting, await tenants.domains(id)));
  return deleting;
}
