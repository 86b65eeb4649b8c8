import type { Tenant, TenantDatabase } from "@af-tenancy/core";
import type { SqlEntityManager } from "@mikro-orm/sql";
import { everlastingScope } from "../connection/lease-scope.ts";
import { ReadOnlyManagerError } from "../errors.ts";
import { bulkScope } from "./bulk-scope.ts";
import type { SharedOrm } from "./shared-orm.ts";
import type { TenantHandles } from "./tenant-handles.ts";
import { writeRefusal } from "./write-refusal.ts";

/** Runs work with an entity manager of a tenant, whoever is current and outside of every scope. Throws as `em()` does. */
export type WithinTenant = <R>(
  tenant: Tenant,
  use: TenantUse,
  work: (em: SqlEntityManager) => Promise<R>,
) => Promise<R>;

/** What work with a tenant's database is. */
interface TenantUse {
  /** It may not write. */
  readonly readOnly?: boolean;
  /** It is background work, which leaves connections to requests. */
  readonly bulk?: boolean;
  readonly signal?: AbortSignal | undefined;
}

/** Makes what runs work with the databases of any tenants. */
export function withinTenants(
  orm: SharedOrm,
  handles: TenantHandles,
  databaseOf: (tenant: Tenant) => TenantDatabase,
): WithinTenant {
  return async (tenant, { readOnly = false, bulk = false, signal }, work) => {
    // One that is closed is refused here, whatever the work is.
    const ownRefusal = writeRefusal(tenant);
    const refused = readOnly
      ? (options?: ErrorOptions) => new ReadOnlyManagerError(tenant.id, options)
      : ownRefusal;
    const handle = handles.retain(databaseOf(tenant));
    try {
      const scope = { ...everlastingScope(), ...(signal !== undefined && { signal }) };
      return await work(orm.entityManager(handle, bulk ? bulkScope(scope) : scope, refused));
    } finally {
      handles.release(handle);
    }
  };
}
