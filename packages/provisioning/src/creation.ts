import type {
  NewTenant,
  OperationProgress,
  Placement,
  RegistryTransaction,
  TenantDatabases,
} from "@af-tenancy/core";
import type { CreationSteps } from "./creation-options.ts";
import { creationSteps } from "./creation-steps.ts";
import { giveUpDatabases } from "./give-up-databases.ts";
import type { LeftOperation, OperationKind } from "./operation-kind.ts";
import { failTenant, reopenTenant } from "./reopen-tenant.ts";

/** Makes the operation that turns a written tenant into a usable one, under a new generation after each take-over. */
export function creation(databases: TenantDatabases, own: CreationSteps): OperationKind {
  return {
    kind: "create",
    steps: creationSteps(own),
    takeUp: (transaction, left) =>
      takeUpCreation(
        transaction,
        left,
        databases,
        (left.operation.input as unknown as NewTenant).placement,
      ),
    fail: failTenant,
    announce: (events, tenant) => events.emit("tenantCreated", { tenant }),
  };
}

/** Has a tenant that begins do so again, under another generation and name where another process began it. */
export async function takeUpCreation(
  transaction: RegistryTransaction,
  { operation, tenant, isOwn }: LeftOperation,
  databases: TenantDatabases,
  wished: Partial<Placement> | undefined,
): Promise<OperationProgress> {
  if (!["provisioning", "failed"].includes(tenant.status)) return { state: "discarded" };
  if (isOwn) {
    await reopenTenant(transaction, tenant, tenant.placement);
    return { error: undefined };
  }
  const generation = Math.max(operation.generation, tenant.placement?.generation ?? 0) + 1;
  const wish = withoutName(wished);
  await giveUpDatabases(transaction, tenant.id);
  const placement = tenant.placement && databases.place(tenant.id, generation, wish);
  if (placement !== undefined) {
    await transaction.ledger.record({ tenantId: tenant.id, placement, state: "creating" });
  }
  await reopenTenant(transaction, tenant, placement);
  return { generation, done: [], error: undefined };
}

/** The wished name, if there was one, may still be written to by the process that is replaced. */
function withoutName(placement: Partial<Placement> = {}): Partial<Placement> {
  const { name: _wished, ...wish } = placement;
  return wish;
}
