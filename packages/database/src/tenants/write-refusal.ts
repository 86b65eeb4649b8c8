import { type Tenant, type TenantConditions, tenantClosed } from "@af-tenancy/core";
import type { RefuseWrite } from "../connection/read-only-driver.ts";
import { TenantReadOnlyError } from "../errors.ts";

/** What refuses a tenant's writes; `undefined` where it may write. Throws `TenantDeniedError` where it may not even read. */
export function writeRefusal(tenant: Tenant): RefuseWrite | undefined {
  const { id, access } = tenant as Tenant & Partial<TenantConditions>;
  if (access === "closed") throw tenantClosed(id);
  if (access !== "read-only") return undefined;
  return (options) => new TenantReadOnlyError(id, options);
}
