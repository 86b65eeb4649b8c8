import {
  type OperationContext,
  type OperationRecord,
  outsideTenancy,
  StaleOperationError,
  type TenantRecord,
} from "@af-tenancy/core";
import { type Claim, Lease } from "./lease.ts";
import type { KindStep, OperationKind } from "./operation-kind.ts";
import { requireTenant } from "./require-tenant.ts";
import { retryStale } from "./retry-stale.ts";
import { stopOperation } from "./stop-operation.ts";
import { tellProgress } from "./tell-progress.ts";
import type { Workplace } from "./workplace.ts";

/**
 * Runs the steps of a claimed operation that are not done yet, and tells the listeners when all are.
 *
 * @throws ProvisioningError where a step fails, StaleOperationError when the lease is lost, or what a listener throws
 */
export async function runSteps(
  workplace: Workplace,
  kind: OperationKind,
  claim: Claim,
): Promise<OperationRecord> {
  const { operation, tenant } = await outsideTenancy(async () => {
    const lease = new Lease(workplace, claim);
    let tenant: TenantRecord | undefined;
    try {
      for (const [index, step] of kind.steps.entries()) {
        if (lease.operation.done.includes(step.name)) continue;
        tenant = await runStep(workplace, kind, lease, index, step);
      }
      // An operation that was begun by another version may have had its last step before.
      if (lease.operation.state !== "done") await lease.commit({ state: "done" });
      return { operation: lease.operation, tenant };
    } finally {
      lease.end();
    }
  });
  await announce(workplace, kind, operation, tenant);
  return operation;
}

/** A tenant that is gone is told as its last step found it. */
async function announce(
  { registry, events }: Workplace,
  kind: OperationKind,
  { tenantId }: OperationRecord,
  last: TenantRecord | undefined,
): Promise<void> {
  if (kind.announce === undefined) return;
  const tenant = (await registry.store.find({ by: "id", value: tenantId })) ?? last;
  if (tenant !== undefined) await kind.announce(events, tenant);
}

async function runStep(
  workplace: Workplace,
  kind: OperationKind,
  lease: Lease,
  index: number,
  step: KindStep,
): Promise<TenantRecord | undefined> {
  const started = workplace.clock.monotonic();
  let tenant: TenantRecord | undefined;
  try {
    await lease.hold(async () => step.run?.(await contextOf(workplace, lease)));
    tenant = await journal(workplace, lease, step, index === kind.steps.length - 1);
  } catch (error) {
    if (error instanceof StaleOperationError) throw error;
    throw await stopOperation(workplace, kind, lease, step.name, error);
  }
  await tellProgress(workplace, {
    operation: lease.operation,
    step: step.name,
    position: index + 1,
    steps: kind.steps.length,
    milliseconds: workplace.clock.monotonic() - started,
  });
  return tenant;
}

async function journal(
  workplace: Workplace,
  lease: Lease,
  { name, commit }: KindStep,
  isLast: boolean,
): Promise<TenantRecord | undefined> {
  const done = [...lease.operation.done, name];
  const progress = { done, state: isLast ? "done" : "running" } as const;
  if (commit === undefined) {
    await lease.commit(progress);
    return undefined;
  }
  return retryStale(async () => {
    const context = await contextOf(workplace, lease);
    await lease.commit(progress, (transaction) => commit(transaction, context));
    return context.tenant;
  });
}

async function contextOf(workplace: Workplace, lease: Lease): Promise<OperationContext> {
  const { registry, databases } = workplace;
  const { operation, signal } = lease;
  const tenant = await requireTenant(workplace, operation.tenantId);
  return Object.freeze({ tenant, operation, registry, databases, signal });
}
