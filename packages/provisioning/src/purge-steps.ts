import {
  type DatabaseLedger,
  DatabaseNotReadyError,
  DatabaseOwnedError,
  type Events,
  type LedgerEntry,
  type OperationContext,
  type OperationStep,
  type PurgeOptions,
  type RegistryTransaction,
  StaleOperationError,
  type TenantRecord,
  tellFailure,
} from "@af-tenancy/core";
import type { KindStep } from "./operation-kind.ts";
import { tenantChange } from "./tenant-change.ts";

/** Makes the steps that drop a tenant's databases and forget the tenant, after those of the application. */
export function purgeSteps(events: Events, before: readonly OperationStep[]): readonly KindStep[] {
  return [
    ...before.map(({ name, run }) => ({ name, run: (one: OperationContext) => run(own(one)) })),
    { name: "drop", run: (context) => dropDatabases(events, context) },
    { name: "forget", commit: forget },
  ];
}

/** Drops what the ledger has of the tenant, older generations included. */
async function dropDatabases(events: Events, context: OperationContext): Promise<void> {
  const { tenant, registry } = own(context);
  const { ifDropFails } = optionsOf(context);
  const entries = await registry.transaction(({ ledger }) => entriesOf(ledger, tenant));
  for (const entry of entries.filter((one) => isDropped(one, context))) {
    context.signal.throwIfAborted();
    try {
      await drop(entry, context);
    } catch (error) {
      if (wasNeverMade(entry, error)) {
        await registry.transaction(({ ledger }) => ledger.forget(entry.placement));
        continue;
      }
      if (ifDropFails === "stop") throw error;
      await registry.transaction(({ ledger }) => ledger.record({ ...entry, state: "garbage" }));
      await tellFailure({ events }, error, tenant.id);
    }
  }
}

/** It was begun under a name that turned out to be somebody else's, so that there is nothing of this tenant's. */
function wasNeverMade({ state }: LedgerEntry, error: unknown): boolean {
  return error instanceof DatabaseOwnedError && (state === "creating" || state === "garbage");
}

/** What the tenant is served from is its database whatever the ledger says. */
async function entriesOf(
  ledger: DatabaseLedger,
  { id: tenantId, placement }: TenantRecord,
): Promise<readonly LedgerEntry[]> {
  const entries = await ledger.list({ tenantId });
  if (placement === undefined || (await ledger.find(placement))?.tenantId === tenantId) {
    return entries;
  }
  return [...entries, { tenantId, placement, state: "ready" }];
}

async function drop(
  { tenantId, placement }: LedgerEntry,
  { databases }: OperationContext,
): Promise<void> {
  const manager = databases.manager(placement);
  await manager.drop({ tenantId, placement });
  if ((await manager.inspect({ tenantId, placement })) === undefined) return;
  throw new DatabaseNotReadyError(tenantId, `"${placement.name}" is there after it was dropped`);
}

/**
 * The registry keeps nothing of the tenant but its id, so that neither that nor a database's name is used again. Garbage
 * stays in the ledger: it could not be dropped, or a process that was replaced may still be about to make it.
 */
async function forget(
  { tenants, ledger, outbox, audit }: RegistryTransaction,
  context: OperationContext,
): Promise<void> {
  const { tenant, operation } = own(context);
  const { actor } = operation;
  const domains = await tenants.domains(tenant.id);
  for (const { state, placement } of await ledger.list({ tenantId: tenant.id })) {
    if (state !== "garbage") await ledger.forget(placement);
  }
  const deleted = await tenants.update(tenant.id, tenant.version, {
    ...{ status: "deleted", updatedBy: actor },
  });
  await tenants.remove(tenant.id, deleted.version);
  await outbox.append(tenantChange("tenant.purged", deleted, domains));
  const act = { action: "tenant.purged", tenantId: tenant.id, actor };
  await audit.append({ ...act, cause: {}, details: { slug: tenant.slug } });
}

function isDropped({ state }: LedgerEntry, context: OperationContext): boolean {
  return state !== "adopted" || optionsOf(context).dropAdopted;
}

function optionsOf({ operation }: OperationContext): Required<PurgeOptions> {
  return operation.input as unknown as Required<PurgeOptions>;
}

/** Nothing is dropped of a tenant that lives again. */
function own(context: OperationContext): OperationContext {
  if (context.tenant.status === "deleting") return context;
  throw new StaleOperationError(context.operation.id);
}
