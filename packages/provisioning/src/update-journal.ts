import {
  IdempotencyConflictError,
  type JsonValue,
  type RegistryTransaction,
  referenceOf,
  type TenantLike,
  type TenantRecord,
  type TenantUpdate,
} from "@af-tenancy/core";
import { canonicalJson } from "./canonical-json.ts";
import type { Workplace } from "./workplace.ts";

/** What the journal keeps of an update: who is to be changed, as the caller named it, and how. */
export interface UpdateIntent {
  readonly kind: string;
  readonly idempotencyKey: string | undefined;
  readonly input: JsonValue;
}

/** Gives what is to be journalled of an update; `undefined` where nothing is: neither name nor domains, and no key. */
export function updateIntent(
  tenant: TenantLike,
  { idempotencyKey, expectedDomains: _expected, ...changes }: TenantUpdate,
): UpdateIntent | undefined {
  const kind = kindOf(changes);
  if (kind === "update" && idempotencyKey === undefined) return undefined;
  const { plan, ...rest } = changes;
  // JSON knows no plan that is taken away.
  const input = {
    tenant: referenceOf(tenant),
    ...rest,
    ...("plan" in changes && { plan: plan ?? null }),
  };
  return { kind, idempotencyKey, input: input as unknown as JsonValue };
}

/**
 * Gives the tenant of an update that the same idempotency key made before. Throws `IdempotencyConflictError` when that was
 * another one, or its tenant is gone.
 */
export async function repeatedUpdate(
  { registry }: Workplace,
  intent: UpdateIntent | undefined,
): Promise<TenantRecord | undefined> {
  const { idempotencyKey, kind, input } = intent ?? {};
  if (idempotencyKey === undefined || input === undefined) return undefined;
  const known = await registry.transaction(({ operations }) => operations.find({ idempotencyKey }));
  if (known === undefined) return undefined;
  if (known.kind !== kind || canonicalJson(known.input) !== canonicalJson(input)) {
    throw new IdempotencyConflictError(idempotencyKey);
  }
  const tenant = await registry.store.find({ by: "id", value: known.tenantId });
  if (tenant !== undefined) return tenant;
  throw new IdempotencyConflictError(idempotencyKey, "changed a tenant that is gone");
}

/** Writes an operation that is begun and done in the transaction of the update; none while another one is open. */
export async function journalUpdate(
  { nextOwner, leaseMs, actor }: Workplace,
  { operations }: RegistryTransaction,
  { id: tenantId, placement }: TenantRecord,
  { id, ...intent }: UpdateIntent & { readonly id: string },
): Promise<void> {
  const owner = nextOwner();
  const generation = placement?.generation ?? 0;
  const operation = { ...intent, id, tenantId, generation, actor: actor() };
  await operations.open(operation, { owner, leaseMs });
  await operations.save(id, owner, { state: "done", done: [intent.kind] });
}

function kindOf({ slug, name, domains }: TenantUpdate): string {
  if (slug !== undefined || name !== undefined) return "rename";
  return domains === undefined ? "update" : "domains";
}
