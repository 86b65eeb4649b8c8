import {
  type OperationContext,
  type OperationRecord,
  outsideTenancy,
  StaleOperationError,
  type TenantRecord,
} from "@af-tenancy/core";
import { type Claim, Lease } from "./lease.ts";
import type { KindStep, OperationKind } from "./operation-kind.ts";
import { type PatienceOptions, patiently } from "./patience.ts";
import { requireTenant } from "./require-tenant.ts";
import { retryStale } from "./retry-stale.ts";
import { stopOperation } from "./stop-operation.ts";
import { tellProgress } from "./tell-progress.ts";
import { patienceOf, type Workplace } from "./workplace.ts";

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
      const steps = await stepsFor(workplace, kind, claim.operation);
      for (const [index, step] of steps.entries()) {
        if (lease.operation.done.includes(step.name)) continue;
        const position = { step, index, of: steps.length };
        tenant = await runStep(workplace, kind, lease, position);
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

/** Steps that need a database are passed over where the tenant has none; that is decided before its operation begins. */
async function stepsFor(
  workplace: Workplace,
  { steps }: OperationKind,
  { tenantId }: OperationRecord,
): Promise<readonly KindStep[]> {
  if (steps.every(({ needsDatabase }) => !needsDatabase)) return steps;
  const { placement } = await requireTenant(workplace, tenantId);
  return placement === undefined ? steps.filter(({ needsDatabase }) => !needsDatabase) : steps;
}

/** Which step of how many. */
interface Position {
  readonly step: KindStep;
  readonly index: number;
  readonly of: number;
}

async function runStep(
  workplace: Workplace,
  kind: OperationKind,
  lease: Lease,
  { step, index, of }: Position,
): Promise<TenantRecord | undefined> {
  const started = workplace.clock.monotonic();
  let tenant: TenantRecord | undefined;
  try {
    const run = async () => step.run?.(await contextOf(workplace, lease));
    await lease.hold(() => patiently(patienceWith(workplace, lease), run));
    tenant = await journal(workplace, lease, step, index === of - 1);
  } catch (error) {
    if (error instanceof StaleOperationError) throw error;
    throw await stopOperation(workplace, kind, lease, step.name, error);
  }
  await tellProgress(workplace, {
    operation: lease.operation,
    step: step.name,
    position: index + 1,
    steps: of,
    milliseconds: workplace.clock.monotonic() - started,
  });
  return tenant;
}

async function journal(
  workplace: Workplace,
  lease: Lease,
  { name, commit, isNoted = false }: KindStep,
  isLast: boolean,
): Promise<TenantRecord | undefined> {
  if (isNoted && !isLast) {
    lease.note(name);
    return undefined;
  }
  const done = [...lease.operation.done, name];
  const progress = { done, state: isLast ? "done" : "running" } as const;
  if (commit === undefined) {
    await lease.commit(progress);
    return undefined;
  }
  return retryStale(async () => {
    const context = await patiently(patienceWith(workplace, lease), () =>
      contextOf(workplace, lease),
    );
    await lease.commit(progress, (transaction) => commit(transaction, context));
    return context.tenant;
  });
}

/** Ends when the lease is lost, so that nobody tries again what another process does. */
function patienceWith(workplace: Workplace, { signal }: Lease): PatienceOptions {
  return patienceOf(workplace, signal, workplace.retryMs);
}

async function contextOf(workplace: Workplace, lease: Lease): Promise<OperationContext> {
  const { registry, databases } = workplace;
  const { operation, signal } = lease;
  const tenant = await requireTenant(workplace, operation.tenantId);
  return Object.freeze({ tenant, operation, registry, databases, signal });
}
