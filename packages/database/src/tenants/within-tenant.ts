import type { Tenant, TenantDatabase } from "@af-tenancy/core";
import { everlastingScope } from "../connection/lease-scope.ts";
import type { SyncSite } from "../syncing/sync-site.ts";
import type { SharedOrm } from "./shared-orm.ts";
import type { TenantHandles } from "./tenant-handles.ts";
import { writeRefusal } from "./write-refusal.ts";

/** Makes what runs work with an entity manager of a tenant, outside of every scope. */
export function withinTenant(
  orm: SharedOrm,
  handles: TenantHandles,
  databaseOf: (tenant: Tenant) => TenantDatabase,
): SyncSite["within"] {
  return async (tenant, work) => {
    const handle = handles.retain(databaseOf(tenant));
    try {
      return await work(orm.entityManager(handle, everlastingScope(), writeRefusal(tenant)));
    } finally {
      handles.release(handle);
    }
  };
}
