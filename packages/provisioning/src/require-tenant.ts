import {
  InvalidTenantError,
  TenantNotFoundError,
  type TenantRecord,
  type TenantReference,
} from "@af-tenancy/core";
import type { Workplace } from "./workplace.ts";

/** Reads a tenant from the registry, past every cache; throws `TenantNotFoundError` or `InvalidTenantError`. */
export async function requireTenant(
  { registry }: Workplace,
  tenant: string | TenantReference,
): Promise<TenantRecord> {
  const { by, value } = typeof tenant === "string" ? { by: "id", value: tenant } : Object(tenant);
  if (typeof by !== "string" || typeof value !== "string") {
    throw new InvalidTenantError(`A value of type ${tenant === null ? "null" : typeof tenant}`);
  }
  const found = await registry.store.find({ by, value });
  if (found === undefined) throw new TenantNotFoundError(by, value);
  return found;
}
