import type {
  ClonedTenant,
  NewTenant,
  OperationContext,
  TenantDatabases,
  TenantRecord,
} from "@af-tenancy/core";
import { takeUpCreation } from "./creation.ts";
import type { CreationSteps } from "./creation-options.ts";
import { creationSteps, readyPlace } from "./creation-steps.ts";
import { ownDatabase } from "./fenced-step.ts";
import type { KindStep, OperationKind } from "./operation-kind.ts";
import { failTenant } from "./reopen-tenant.ts";
import { requireClonable, sameKind } from "./require-clonable.ts";

/** What is journalled of a clone: what it is made from, and the id of the tenant that it is a copy of. */
export interface CloneInput extends ClonedTenant {
  readonly source: string;
}

/**
 * Makes the operation that gives a written tenant a copy of another one's data: as a creation, but that its database is
 * made from the other one's, or gets the other one's rows once it has tables.
 */
export function cloning(databases: TenantDatabases, own: CreationSteps): OperationKind {
  return {
    kind: "clone",
    steps: creationSteps(own).flatMap(copying),
    takeUp: (transaction, left) =>
      takeUpCreation(transaction, left, databases, {
        ...(left.tenant.placement && sameKind(left.tenant.placement)),
        ...(left.operation.input as unknown as NewTenant).placement,
      }),
    fail: failTenant,
    announce: (events, tenant) => events.emit("tenantCreated", { tenant }),
  };
}

function copying(step: KindStep): readonly KindStep[] {
  if (step.name === "database") return [{ ...step, run: copyDatabase }];
  if (step.name !== "migrate") return [step];
  return [step, { name: "copy", needsDatabase: true, isNoted: true, run: copyRows }];
}

/** The owner's marker is the new tenant's from the first moment on, so that nobody ever opens it as the other one's. */
async function copyDatabase(context: OperationContext): Promise<void> {
  const { tenant, manager, placement } = await readyPlace(context);
  const source = await sourceOf(context);
  const database = { tenantId: tenant.id, placement };
  if (manager.createFrom === undefined || source.placement === undefined) {
    await manager.create(database);
    return;
  }
  const from = { tenantId: source.id, placement: source.placement };
  await manager.createFrom(database, from);
}

async function copyRows(context: OperationContext): Promise<void> {
  const { tenant } = ownDatabase(context);
  await context.databases.copyRows?.(await sourceOf(context), tenant, context.signal);
}

/** Read before each step: it may have been moved, suspended or purged since the clone was begun. */
function sourceOf({ registry, databases, operation }: OperationContext): Promise<TenantRecord> {
  const { source } = operation.input as unknown as CloneInput;
  return requireClonable({ registry, databases }, source);
}
