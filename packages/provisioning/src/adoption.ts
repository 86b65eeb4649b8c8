import {
  DatabaseNotReadyError,
  type OperationContext,
  type OperationProgress,
  type RegistryTransaction,
} from "@af-tenancy/core";
import { activateTenant } from "./activate-tenant.ts";
import type { CreationSteps } from "./creation-options.ts";
import { fencedStep, ownDatabase } from "./fenced-step.ts";
import type { LeftOperation, OperationKind } from "./operation-kind.ts";
import { migrateDatabase, verifyDatabase } from "./ready-database.ts";
import { failTenant, reopenTenant } from "./reopen-tenant.ts";

/**
 * Makes the operation that gives a written tenant the database which was there before it. A take-over raises the
 * generation, and with it the marker's, and keeps the name: what is adopted is never garbage.
 */
export function adoption({ tenant = [] }: CreationSteps): OperationKind {
  return {
    kind: "adopt",
    steps: [
      { name: "adopt", run: adoptDatabase },
      { name: "migrate", run: migrateDatabase },
      { name: "verify", run: verifyDatabase },
      ...tenant.map(fencedStep),
      { name: "activate", commit: activateTenant("adopted") },
    ],
    takeUp,
    fail: failTenant,
    announce: (events, tenant) => events.emit("tenantCreated", { tenant }),
  };
}

async function adoptDatabase(context: OperationContext): Promise<void> {
  const { tenant, placement } = ownDatabase(context);
  const manager = context.databases.manager(placement);
  const database = { tenantId: tenant.id, placement };
  await manager.adopt?.(database);
  const owner = (await manager.inspect(database))?.owner;
  if (owner?.tenantId === tenant.id && owner.generation === placement.generation) return;
  throw new DatabaseNotReadyError(tenant.id, `"${placement.name}" has no marker after it got one`);
}

async function takeUp(
  transaction: RegistryTransaction,
  { operation, tenant, isOwn }: LeftOperation,
): Promise<OperationProgress> {
  const { placement: former, status } = tenant;
  if (former === undefined || !["provisioning", "failed"].includes(status)) {
    return { state: "discarded" };
  }
  if (isOwn) {
    await reopenTenant(transaction, tenant, former);
    return { error: undefined };
  }
  const generation = Math.max(operation.generation, former.generation) + 1;
  const placement = { ...former, generation };
  await transaction.ledger.record({ tenantId: tenant.id, placement, state: "adopted" });
  await reopenTenant(transaction, tenant, placement);
  return { generation, done: [], error: undefined };
}
