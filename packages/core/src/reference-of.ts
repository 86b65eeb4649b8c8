import type { Tenant, TenantLike, TenantReference } from "./contracts/tenant.ts";
import { InvalidTenantError } from "./errors/configuration-errors.ts";

/** Says how a tenant is named, by its record, its id or a reference; throws `InvalidTenantError` for anything else. */
export function referenceOf(tenant: TenantLike): TenantReference {
  if (typeof tenant === "string") return { by: "id", value: tenant };
  const { id, by, value } = Object(tenant) as Partial<Tenant & TenantReference>;
  if (typeof id === "string" && id !== "") return { by: "id", value: id };
  if (typeof by === "string" && typeof value === "string") return { by, value };
  throw new InvalidTenantError(`A value of type ${tenant === null ? "null" : typeof tenant}`);
}
