import type {
  OperationProgress,
  OperationRecord,
  RegistryTransaction,
  TenantRecord,
} from "@af-tenancy/core";
import { certainTransaction } from "./certain-transaction.ts";
import { giveUpDatabases } from "./give-up-databases.ts";
import type { Claim } from "./lease.ts";
import type { OperationKind } from "./operation-kind.ts";
import { retryStale } from "./retry-stale.ts";
import type { Workplace } from "./workplace.ts";

/** How an operation is taken up. */
export interface TakeUpOptions {
  /** Puts a fence also before what failed in this very process; it is always put before other processes. */
  readonly alwaysFence: boolean;
}

/**
 * Claims an operation that nobody works on and makes it ready to be continued, or discards it when its tenant is gone;
 * `undefined` while somebody works on it, and when it is over.
 */
export async function takeUp(
  workplace: Workplace,
  kind: OperationKind,
  { id, tenantId }: OperationRecord,
  { alwaysFence }: TakeUpOptions,
): Promise<Claim | undefined> {
  const { registry, stopped, closing } = workplace;
  closing.throwIfAborted();
  const owner = workplace.nextOwner();
  const operation = await retryStale(async () => {
    const tenant = await registry.store.find({ by: "id", value: tenantId });
    return certainTransaction(
      workplace,
      async (transaction) => {
        const { operations } = transaction;
        const attempt = (await operations.find({ id }))?.attempt;
        const claimed = await operations.claim(id, owner, workplace.leaseMs);
        if (claimed === undefined) return undefined;
        const isOwn = !alwaysFence && attempt !== undefined && stopped.get(id) === attempt;
        const progress = await ready(transaction, kind, claimed, tenant, isOwn);
        return operations.save(id, owner, progress);
      },
      async ({ operations }) => {
        const found = await operations.find({ id });
        return found?.leaseOwner === owner ? found : undefined;
      },
    );
  });
  if (operation !== undefined) stopped.delete(id);
  return operation && { operation, owner };
}

async function ready(
  transaction: RegistryTransaction,
  kind: OperationKind,
  operation: OperationRecord,
  tenant: TenantRecord | undefined,
  isOwn: boolean,
): Promise<OperationProgress> {
  if (tenant !== undefined) {
    const left = { operation, tenant, isOwn };
    return (await kind.takeUp?.(transaction, left)) ?? { error: undefined };
  }
  await giveUpDatabases(transaction, operation.tenantId);
  return { state: "discarded" };
}
