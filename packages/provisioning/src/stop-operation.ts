import {
  ProvisioningError,
  type RegistryTransaction,
  StaleOperationError,
  tellFailure,
} from "@af-tenancy/core";
import { journalText } from "./journal-text.ts";
import type { Lease } from "./lease.ts";
import type { OperationKind } from "./operation-kind.ts";
import { retryStale } from "./retry-stale.ts";
import type { Workplace } from "./workplace.ts";

/**
 * Journals why a step stopped and gives the error for the caller. Nothing that the step brought about is taken back
 * here: what a failed operation leaves is continued, or fenced and swept, by whoever takes it up.
 */
export async function stopOperation(
  workplace: Workplace,
  kind: OperationKind,
  lease: Lease,
  step: string,
  cause: unknown,
): Promise<ProvisioningError | StaleOperationError> {
  const { id, tenantId, attempt } = lease.operation;
  const stopped = new ProvisioningError(id, step, { cause });
  // A process that shuts down leaves the operation as a crash would: its step may still be running.
  if (workplace.closing.aborted) return stopped;
  try {
    await retryStale(() => journalFailure(workplace, kind, lease, journalText(step, cause)));
    workplace.stopped.set(id, attempt);
  } catch (error) {
    if (error instanceof StaleOperationError) return error;
    // Without a journal the lease runs out, and repair continues from what was journalled before.
    await tellFailure(workplace, error, tenantId);
  }
  return stopped;
}

async function journalFailure(
  { registry }: Workplace,
  kind: OperationKind,
  lease: Lease,
  error: string,
): Promise<void> {
  const tenant = await registry.store.find({ by: "id", value: lease.operation.tenantId });
  const fail = async (transaction: RegistryTransaction) => {
    if (tenant !== undefined) await kind.fail?.(transaction, tenant);
  };
  // The step has been tried for long enough.
  await lease.commit({ state: "failed", error }, fail, 0);
}
