import {
  ConfigurationError,
  type DatabaseLedger,
  DatabaseOwnedError,
  isTenancyError,
  type JsonValue,
  type NewTenant,
  type OperationRecord,
  type Placement,
  type RegistryTransaction,
  TenantExistsError,
  type TenantRecord,
} from "@af-tenancy/core";
import { continueCreation } from "./continue-creation.ts";
import type { Claim } from "./lease.ts";
import { newTenantRecord } from "./new-tenant-record.ts";
import { openOperation } from "./open-operation.ts";
import type { OperationKind } from "./operation-kind.ts";
import { requireKind } from "./require-kind.ts";
import { requireTenant } from "./require-tenant.ts";
import { runSteps } from "./run-steps.ts";
import { tenantChange } from "./tenant-change.ts";
import { tenantDomains } from "./tenant-domains.ts";
import { validateNewTenant } from "./validate-new-tenant.ts";
import type { Workplace } from "./workplace.ts";

/** Makes a tenant, or gives the one that the same idempotency key made before. */
export async function createTenant(workplace: Workplace, wanted: NewTenant): Promise<TenantRecord> {
  const kind = requireKind(workplace, "create");
  const input = validateNewTenant(wanted);
  const known = await findByKey(workplace, input);
  if (known !== undefined) return continueCreation(workplace, kind, known, journalInput(input));

  const wished = await newTenantRecord(workplace, input);
  await workplace.events.emit("tenantCreating", { vetoable: true, input });
  const begun = await beginUntaken(workplace, kind, wished, input);
  if (!("owner" in begun)) return continueCreation(workplace, kind, begun, journalInput(input));

  await runSteps(workplace, kind, begun);
  return requireTenant(workplace, begun.operation.tenantId);
}

/** How many ids are generated for one tenant at most, each after one that was taken. */
const maxIds = 5;

/** Begins under another id when the generated one was used before; listeners of `databaseCreating` hear of it again. */
async function beginUntaken(
  workplace: Workplace,
  kind: OperationKind,
  wished: TenantRecord,
  input: NewTenant,
): Promise<Claim | OperationRecord> {
  let next = wished;
  for (let ids = 1; ; ids += 1) {
    const tenant = await withoutVetoedDatabase(workplace, next);
    try {
      return await begin(workplace, kind, tenant, input);
    } catch (error) {
      if (input.id !== undefined || !(error instanceof TenantExistsError)) throw error;
      if (ids === maxIds) throw allTaken(error);
    }
    next = await newTenantRecord(workplace, input);
  }
}

function allTaken(cause: TenantExistsError): ConfigurationError {
  const value = `a function that gave ${maxIds} ids in a row that were used before`;
  const remedy = "make longer ids, or ids from a larger range.";
  return new ConfigurationError("provisioning.generateId", value, remedy, { cause });
}

/** Decided once, before anything is written, so that whoever continues the creation makes no database either. */
async function withoutVetoedDatabase(
  { events }: Workplace,
  tenant: TenantRecord,
): Promise<TenantRecord> {
  if (tenant.placement === undefined) return tenant;
  try {
    await events.emit("databaseCreating", { vetoable: true, tenant });
    return tenant;
  } catch (error) {
    if (isTenancyError(error) && error.code === "VETOED")
      return { ...tenant, placement: undefined };
    throw error;
  }
}

/** Gives the operation of another call with the same key when that was faster. */
async function begin(
  workplace: Workplace,
  { kind }: OperationKind,
  tenant: TenantRecord,
  input: NewTenant,
): Promise<Claim | OperationRecord> {
  const intent = {
    tenantId: tenant.id,
    kind,
    generation: 1,
    idempotencyKey: input.idempotencyKey,
    input: journalInput(input),
    actor: workplace.actor(),
  };
  try {
    return await openOperation(workplace, intent, (transaction) =>
      write(transaction, tenant, input),
    );
  } catch (error) {
    const known = await findByKey(workplace, input);
    if (known === undefined) throw error;
    return known;
  }
}

/** A name that another tenant's database has is refused together with taken slugs and domains: before anything is there. */
async function write(
  { tenants, ledger, outbox }: RegistryTransaction,
  tenant: TenantRecord,
  { domains: names = [] }: NewTenant,
): Promise<void> {
  const domains = tenantDomains(names, tenant.createdAt);
  await tenants.insert(tenant, domains);
  if (tenant.placement !== undefined) await assertFree(ledger, tenant.placement);
  await outbox.append(tenantChange("tenant.creating", tenant, domains));
}

async function assertFree(ledger: DatabaseLedger, placement: Placement): Promise<void> {
  const taken = await ledger.find(placement);
  if (taken !== undefined)
    throw new DatabaseOwnedError(placement.name, `tenant "${taken.tenantId}"`);
}

async function findByKey(
  { registry }: Workplace,
  { idempotencyKey }: NewTenant,
): Promise<OperationRecord | undefined> {
  if (idempotencyKey === undefined) return undefined;
  return registry.transaction(({ operations }) => operations.find({ idempotencyKey }));
}

/** What a repeated call has to bring again. */
function journalInput({ idempotencyKey: _key, ...input }: NewTenant): JsonValue {
  return input as unknown as JsonValue;
}
