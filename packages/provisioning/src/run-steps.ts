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
 * Runs the steps of a claimed operation that are not done yet, and tells the listeners when all are. `begun` is the
 * tenant as the transaction that took the lease wrote it.
 *
 * @throws ProvisioningError where a step fails, StaleOperationError when the lease is lost, or what a listener throws
 */
export async function runSteps(
  workplace: Workplace,
  kind: OperationKind,
  claim: Claim,
  begun?: TenantRecord,
): Promise<OperationRecord> {
  const { operation, tenant } = await outsideTenancy(async () => {
    const lease = new Lease(workplace, claim);
    const seen: Seen = { tenant: undefined };
    let tenant: TenantRecord | undefined;
    try {
      const steps = await stepsFor(workplace, kind, claim.operation, begun);
      for (const [index, step] of steps.entries()) {
        if (lease.operation.done.includes(step.name)) continue;
        const position = { step, index, of: steps.length, seen };
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

/** A tenant is told as the last step left it, and one that is gone as that step found it. */
async function announce(
  { registry, events }: Workplace,
  kind: OperationKind,
  { tenantId }: OperationRecord,
  last: TenantRecord | undefined,
): Promise<void> {
  if (kind.announce === undefined) return;
  const tenant = last ?? (await registry.store.find({ by: "id", value: tenantId }));
  if (tenant !== undefined) await kind.announce(events, tenant);
}

/** Steps that need a database are passed over where the tenant has none; that is decided before its operation begins. */
async function stepsFor(
  workplace: Workplace,
  { steps }: OperationKind,
  { tenantId }: OperationRecord,
  begun: TenantRecord | undefined,
): Promise<readonly KindStep[]> {
  if (steps.every(({ needsDatabase }) => !needsDatabase)) return steps;
  const { placement } = begun ?? (await requireTenant(workplace, tenantId));
  return placement === undefined ? steps.filter(({ needsDatabase }) => !needsDatabase) : steps;
}

/** Which step of how many. */
interface Position {
  readonly step: KindStep;
  readonly index: number;
  readonly of: number;
  readonly seen: Seen;
}

/**
 * The tenant as the last step read it, for the commit after it, which writes nothing unless that is still the tenant's
 * version; a second attempt reads it anew.
 */
interface Seen {
  tenant: TenantRecord | undefined;
}

async function runStep(
  workplace: Workplace,
  kind: OperationKind,
  lease: Lease,
  { step, index, of, seen }: Position,
): Promise<TenantRecord | undefined> {
  const started = workplace.clock.monotonic();
  let tenant: TenantRecord | undefined;
  try {
    const run = async () => {
      if (step.run === undefined) return;
      const context = await contextOf(workplace, lease);
      seen.tenant = context.tenant;
      await step.run(context);
    };
    await lease.hold(() => patiently(patienceWith(workplace, lease), run));
    tenant = await journal(workplace, lease, step, { isLast: index === of - 1, seen });
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
  { isLast, seen }: { readonly isLast: boolean; readonly seen: Seen },
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
    const known = seen.tenant;
    seen.tenant = undefined;
    const context = await patiently(patienceWith(workplace, lease), () =>
      contextOf(workplace, lease, known),
    );
    let left = context.tenant;
    await lease.commit(progress, async (transaction) => {
      left = (await commit(transaction, context)) ?? context.tenant;
    });
    return left;
  });
}

/** Ends when the lease is lost, so that nobody tries again what another process does. */
function patienceWith(workplace: Workplace, { signal }: Lease): PatienceOptions {
  return patienceOf(workplace, signal, workplace.retryMs);
}

/** The tenant is read anew for each step: the process may have slept since the last one, and another taken over. */
async function contextOf(
  workplace: Workplace,
  lease: Lease,
  known?: TenantRecord,
): Promise<OperationContext> {
  const { registry, databases } = workplace;
  const { operation, signal } = lease;
  const tenant = known ?? (await requireTenant(workplace, operation.tenantId));
  return Object.freeze({ tenant, operation, registry, databases, signal });
}
