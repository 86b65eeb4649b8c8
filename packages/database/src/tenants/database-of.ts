import {
  DatabaseNotReadyError,
  type Tenant,
  type TenantDatabase,
  UnknownDriverError,
} from "@af-tenancy/core";
import { checkTenant } from "./check-tenant.ts";
import type { FleetStrategies } from "./fleet-strategies.ts";

/**
 * Gives the database that a tenant is placed in. Throws `DatabaseNotReadyError` when it has no placement, `UnknownDriverError`
 * for another driver's, and `InvalidInputError` for a strategy that is not the fleet's.
 */
export function databaseOf(
  tenant: Tenant,
  driver: string,
  strategies: Pick<FleetStrategies, "check">,
): TenantDatabase {
  checkTenant(tenant);
  const { id, placement } = tenant;
  if (placement === undefined) throw new DatabaseNotReadyError(id, "it has no placement");
  if (placement.driver !== driver) throw new UnknownDriverError(placement.driver);
  strategies.check(placement);
  return { tenantId: id, placement };
}
