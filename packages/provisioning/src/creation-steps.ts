import {
  DatabaseNotReadyError,
  type OperationContext,
  type Placement,
  type RegistryTransaction,
  StaleOperationError,
} from "@af-tenancy/core";
import type { KindStep } from "./operation-kind.ts";
import { tenantChange } from "./tenant-change.ts";

/** The steps that make a tenant whose row is written ready to be entered. */
export const creationSteps: readonly KindStep[] = [
  { name: "ledger", commit: recordDatabase },
  { name: "database", run: makeDatabase },
  { name: "migrate", run: ({ databases, ...context }) => databases.migrate(own(context).tenant) },
  { name: "verify", run: ({ databases, ...context }) => databases.verify(own(context).tenant) },
  { name: "activate", commit: activate },
];

/** Journalled together with the entry, so a process that was replaced meanwhile cannot write an old name any more. */
async function recordDatabase(
  { ledger }: RegistryTransaction,
  context: OperationContext,
): Promise<void> {
  const { tenant, placement } = own(context);
  await ledger.record({ tenantId: tenant.id, placement, state: "creating" });
}

async function makeDatabase(context: OperationContext): Promise<void> {
  const { tenant, placement } = own(context);
  const manager = context.databases.manager(placement);
  const database = { tenantId: tenant.id, placement };
  await manager.create(database);
  const owner = (await manager.inspect(database))?.owner;
  if (owner?.tenantId !== tenant.id || owner.generation !== placement.generation) {
    throw new DatabaseNotReadyError(
      tenant.id,
      `"${placement.name}" is not there after it was made`,
    );
  }
}

async function activate(
  { tenants, ledger, outbox }: RegistryTransaction,
  context: OperationContext,
): Promise<void> {
  const { tenant, placement } = own(context);
  const active = await tenants.update(tenant.id, tenant.version, {
    ...{ status: "active", updatedBy: context.operation.actor },
  });
  await ledger.record({ tenantId: tenant.id, placement, state: "ready" });
  await outbox.append(tenantChange("tenant.created", active, await tenants.domains(tenant.id)));
}

/** Of two processes that work on one tenant the replaced one must never touch the other's database. */
function own({ tenant, operation }: Pick<OperationContext, "tenant" | "operation">): OwnDatabase {
  const { placement, status } = tenant;
  if (placement?.generation !== operation.generation || status !== "provisioning") {
    throw new StaleOperationError(operation.id);
  }
  return { tenant, placement };
}

interface OwnDatabase {
  readonly tenant: OperationContext["tenant"];
  readonly placement: Placement;
}
