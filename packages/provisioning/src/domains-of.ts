import type { TenantDomain, TenantLike } from "@af-tenancy/core";
import { requireTenant } from "./require-tenant.ts";
import type { Workplace } from "./workplace.ts";

/** Reads a tenant's domains from the registry, the primary one first; throws `TenantNotFoundError`. */
export async function domainsOf(
  workplace: Workplace,
  tenant: TenantLike,
): Promise<readonly TenantDomain[]> {
  const { id } = await requireTenant(workplace, tenant);
  return workplace.registry.transaction(({ tenants }) => tenants.domains(id));
}
