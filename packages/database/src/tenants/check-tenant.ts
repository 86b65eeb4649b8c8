import { InvalidTenantError, type Tenant } from "@af-tenancy/core";

/** Throws `InvalidTenantError` for what is no record of a tenant, such as an id. */
export function checkTenant(tenant: Tenant): void {
  const isTenant = typeof tenant === "object" && tenant !== null && typeof tenant.id === "string";
  if (isTenant) return;
  throw new InvalidTenantError(`A value of type ${tenant === null ? "null" : typeof tenant}`);
}
