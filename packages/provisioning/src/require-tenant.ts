import {
  referenceOf,
  type TenantLike,
  TenantNotFoundError,
  type TenantRecord,
} from "@af-tenancy/core";
import type { Workplace } from "./workplace.ts";

/** Reads a tenant from the registry, past every cache; throws `TenantNotFoundError` or `InvalidTenantError`. */
export async function requireTenant(
  { registry }: Workplace,
  tenant: TenantLike,
): Promise<TenantRecord> {
  const reference = referenceOf(tenant);
  const found = await registry.store.find(reference);
  if (found === undefined) throw new TenantNotFoundError(reference.by, reference.value);
  return found;
}
