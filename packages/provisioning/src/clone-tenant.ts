import {
  type ClonedTenant,
  type RegistryTransaction,
  referenceOf,
  type TenantLike,
  type TenantRecord,
} from "@af-tenancy/core";
import { assertAllowedNames } from "./allowed-names.ts";
import type { CloneInput } from "./cloning.ts";
import { makeTenant } from "./make-tenant.ts";
import { requireClonable, sameKind } from "./require-clonable.ts";
import { requireTenant } from "./require-tenant.ts";
import { validateClone } from "./validate-clone.ts";
import type { Workplace } from "./workplace.ts";

/**
 * Makes a tenant that begins as a copy of another one, or gives the one that the same idempotency key made before, also
 * when the other one is gone by then and is named by its id.
 */
export async function cloneTenant(
  workplace: Workplace,
  source: TenantLike,
  wanted: ClonedTenant,
): Promise<TenantRecord> {
  await assertAllowedNames(workplace, wanted);
  const wish = validateClone(wanted);
  const { by, value } = referenceOf(source);
  const sourceId = by === "id" ? value : (await requireTenant(workplace, source)).id;
  const input: CloneInput = Object.freeze({ ...wish, source: sourceId });
  return makeTenant(workplace, {
    kind: "clone",
    input,
    place: () => undefined,
    prepare: async (tenant) => likeSource(workplace, tenant, input),
    write: (transaction, tenant) => recordOrigin(workplace, transaction, tenant, sourceId),
  });
}

/** A clone without its data would be none: a listener that wants no database made refuses it. */
async function likeSource(
  { registry, databases, events }: Workplace,
  tenant: TenantRecord,
  input: CloneInput,
): Promise<TenantRecord> {
  const source = await requireClonable({ registry, databases }, input.source);
  const { plan = source.plan, metadata = source.metadata, homepage = source.homepage } = input;
  const like = { ...tenant, plan, metadata, homepage };
  if (source.placement === undefined) return like;
  const wish = { ...sameKind(source.placement), ...input.placement };
  const placed = { ...like, placement: databases.place(tenant.id, 1, wish) };
  await events.emit("databaseCreating", { vetoable: true, tenant: placed });
  return placed;
}

async function recordOrigin(
  { origin }: Workplace,
  { audit }: RegistryTransaction,
  { id: tenantId, slug }: TenantRecord,
  source: string,
): Promise<void> {
  const { actor, ...cause } = origin();
  const details = { slug, source };
  await audit.append({ action: "tenant.cloned", tenantId, actor, cause, details });
}
