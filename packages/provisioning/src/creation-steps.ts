import {
  DatabaseNotReadyError,
  type OperationContext,
  type OperationStep,
  type Placement,
  type RegistryTransaction,
  StaleOperationError,
} from "@af-tenancy/core";
import type { CreationSteps } from "./creation-options.ts";
import type { KindStep } from "./operation-kind.ts";
import { tenantChange } from "./tenant-change.ts";

/** Makes the steps that bring a tenant whose row is written to where it can be entered; the application's own in between. */
export function creationSteps({ database = [], tenant = [] }: CreationSteps): readonly KindStep[] {
  return [
    { name: "ledger", needsDatabase: true, commit: recordDatabase },
    { name: "database", needsDatabase: true, run: makeDatabase },
    { name: "migrate", needsDatabase: true, run: (one) => one.databases.migrate(own(one).tenant) },
    ...database.map((step) => ({ ...guarded(step), needsDatabase: true })),
    { name: "verify", needsDatabase: true, run: (one) => one.databases.verify(own(one).tenant) },
    ...tenant.map(guarded),
    { name: "activate", commit: activate },
  ];
}

/** A step of the application, which never works on what another process has taken over. */
function guarded({ name, run }: OperationStep): KindStep {
  return {
    name,
    async run(context) {
      beginning(context);
      await run(context);
    },
  };
}

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
  if (placement.strategy === "row" && placement.generation > 1) await removeOlderRows(context);
  await manager.create(database);
  const owner = (await manager.inspect(database))?.owner;
  if (owner?.tenantId !== tenant.id || owner.generation !== placement.generation) {
    throw new DatabaseNotReadyError(
      tenant.id,
      `"${placement.name}" is not there after it was made`,
    );
  }
}

/** Rows bear their tenant's id and no generation, so that those of an older one have to go before there are others. */
async function removeOlderRows(context: OperationContext): Promise<void> {
  const { tenant } = own(context);
  const entries = await context.registry.transaction(({ ledger }) => ledger.list(tenant.id));
  for (const { state, placement } of entries) {
    if (state !== "garbage" || placement.strategy !== "row") continue;
    await context.databases.manager(placement).drop({ tenantId: tenant.id, placement });
  }
}

async function activate(
  { tenants, ledger, outbox }: RegistryTransaction,
  context: OperationContext,
): Promise<void> {
  const { tenant } = beginning(context);
  const { placement } = tenant;
  const active = await tenants.update(tenant.id, tenant.version, {
    ...{ status: "active", updatedBy: context.operation.actor },
  });
  if (placement !== undefined) {
    await ledger.record({ tenantId: tenant.id, placement, state: "ready" });
  }
  await outbox.append(tenantChange("tenant.created", active, await tenants.domains(tenant.id)));
}

function own(context: Working): OwnDatabase {
  const { tenant } = beginning(context);
  const { placement } = tenant;
  if (placement === undefined) throw new StaleOperationError(context.operation.id);
  return { tenant, placement };
}

/** Of two processes that work on one tenant the replaced one must never touch the other's database. */
function beginning<C extends Working>(context: C): C {
  const { tenant, operation } = context;
  const { placement, status } = tenant;
  const isReplaced = placement !== undefined && placement.generation !== operation.generation;
  if (isReplaced || status !== "provisioning") throw new StaleOperationError(operation.id);
  return context;
}

type Working = Pick<OperationContext, "tenant" | "operation">;

interface OwnDatabase {
  readonly tenant: OperationContext["tenant"];
  readonly placement: Placement;
}
