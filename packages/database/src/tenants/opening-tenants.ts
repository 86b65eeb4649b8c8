import type { Tenant, TenantDatabase } from "@af-tenancy/core";
import { everlastingScope } from "../connection/lease-scope.ts";
import { ReadOnlyManagerError } from "../errors.ts";
import type { OpenTenant } from "../transfer/tenant-data.ts";
import { bulkScope } from "./bulk-scope.ts";
import type { SharedOrm } from "./shared-orm.ts";
import type { TenantHandles } from "./tenant-handles.ts";
import { writeRefusal } from "./write-refusal.ts";

/** Makes what gives an entity manager of any tenant for background work, whoever is current. */
export function openingTenants(
  orm: SharedOrm,
  handles: TenantHandles,
  databaseOf: (tenant: Tenant) => TenantDatabase,
): OpenTenant {
  return (tenant, use, signal) => {
    const refused = writeRefusal(tenant);
    const handle = handles.retain(databaseOf(tenant));
    const readOnly = (options?: ErrorOptions) => new ReadOnlyManagerError(tenant.id, options);
    const scope = bulkScope({ ...everlastingScope(), ...(signal !== undefined && { signal }) });
    const em = orm.entityManager(handle, scope, use === "read" ? readOnly : refused);
    return { em, close: () => handles.release(handle) };
  };
}
