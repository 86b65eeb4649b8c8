import {
  ConfigurationError,
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
import { requireKind } from "./require-kind.ts";
import { requireTenant } from "./require-tenant.ts";
import { runSteps } from "./run-steps.ts";
import { tenantChange } from "./tenant-change.ts";
import { tenantDomains } from "./tenant-domains.ts";
import type { Workplace } from "./workplace.ts";

/** How a tenant is made. */
export interface Making {
  /** The kind of the operation. */
  readonly kind: string;
  readonly input: NewTenant;
  /** The event that asks whether it may be made; `tenantCreating` when absent. */
  readonly asks?: "tenantCreating" | "pendingCreating";
  /** The key of its operation, where the input has none. */
  keyOf?(tenant: TenantRecord): string;
  /** Where its data is to live until `prepare` says; as the input wishes when absent. */
  place?(): Placement | undefined;
  /** How the ledger has its database from the first commit on; `creating` when absent. */
  readonly entry?: "creating" | "adopted";
  /** Asks and looks before anything is written; gives the tenant as it is to be. Asked again under another id. */
  prepare(tenant: TenantRecord): Promise<TenantRecord>;
  /** Writes more in the transaction of the intent. */
  write?(transaction: RegistryTransaction, tenant: TenantRecord): Promise<void>;
}

/** A tenant that is written, and the operation that makes it. */
interface Begun {
  readonly claim: Claim;
  readonly tenant: TenantRecord;
}

/** Makes a tenant by an operation, or gives the one that the same idempotency key made before. */
export async function makeTenant(workplace: Workplace, making: Making): Promise<TenantRecord> {
  const { input } = making;
  const kind = requireKind(workplace, making.kind);
  const known = await findByKey(workplace, input);
  if (known !== undefined) return continueCreation(workplace, kind, known, journalInput(input));

  const wished = await newTenantRecord(workplace, input, making.place);
  await workplace.events.emit(making.asks ?? "tenantCreating", { vetoable: true, input });
  const begun = await beginTenant(workplace, wished, making);
  if (!("claim" in begun)) return continueCreation(workplace, kind, begun, journalInput(input));

  await runSteps(workplace, kind, begun.claim, begun.tenant);
  return requireTenant(workplace, begun.tenant.id);
}

/**
 * Writes a tenant and the intent of its operation, under another id when the generated one was used before. Gives the
 * operation of another call with the same key when that was faster.
 */
async function beginTenant(
  workplace: Workplace,
  wished: TenantRecord,
  making: Making,
): Promise<Begun | OperationRecord> {
  const { input } = making;
  let next = wished;
  for (let ids = 1; ; ids += 1) {
    const tenant = await making.prepare(next);
    try {
      return await begin(workplace, tenant, making);
    } catch (error) {
      if (input.id !== undefined || !(error instanceof TenantExistsError)) throw error;
      if (ids === maxIds) throw allTaken(error);
    }
    next = await newTenantRecord(workplace, input, making.place);
  }
}

/** Finds the operation that a call with the same key began. */
async function findByKey(
  { registry }: Workplace,
  { idempotencyKey }: NewTenant,
): Promise<OperationRecord | undefined> {
  if (idempotencyKey === undefined) return undefined;
  return registry.transaction(({ operations }) => operations.find({ idempotencyKey }));
}

/** Gives what a repeated call has to bring again. */
function journalInput({ idempotencyKey: _key, ...input }: NewTenant): JsonValue {
  return input as unknown as JsonValue;
}

/** How many ids are generated for one tenant at most, each after one that was taken. */
const maxIds = 5;

function allTaken(cause: TenantExistsError): ConfigurationError {
  const value = `a function that gave ${maxIds} ids in a row that were used before`;
  const remedy = "make longer ids, or ids from a larger range.";
  return new ConfigurationError("provisioning.generateId", value, remedy, { cause });
}

async function begin(
  workplace: Workplace,
  tenant: TenantRecord,
  { kind, input, entry, write, keyOf }: Making,
): Promise<Begun | OperationRecord> {
  const intent = {
    tenantId: tenant.id,
    kind,
    generation: tenant.placement?.generation ?? 1,
    idempotencyKey: input.idempotencyKey ?? keyOf?.(tenant),
    input: journalInput(input),
    actor: workplace.actor(),
  };
  try {
    const claim = await openOperation(workplace, intent, async (transaction) => {
      await writeTenant(transaction, tenant, input, entry);
      await write?.(transaction, tenant);
    });
    return { claim, tenant };
  } catch (error) {
    const known = await findByKey(workplace, input);
    if (known === undefined) throw error;
    return known;
  }
}

/** Writes the name of a database before it is made: what another tenant has is refused as taken slugs and domains are. */
async function writeTenant(
  { tenants, ledger, outbox }: RegistryTransaction,
  tenant: TenantRecord,
  { domains: names = [] }: NewTenant,
  state: Making["entry"] = "creating",
): Promise<void> {
  const domains = tenantDomains(names, tenant.createdAt);
  await tenants.insert(tenant, domains);
  const { id: tenantId, placement } = tenant;
  if (placement !== undefined) await ledger.record({ tenantId, placement, state });
  await outbox.append(tenantChange("tenant.creating", tenant, domains));
}
