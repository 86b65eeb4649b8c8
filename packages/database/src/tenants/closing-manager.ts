import type { TenantDatabaseManager } from "@af-tenancy/core";
import type { TenantHandles } from "./tenant-handles.ts";

/** Makes a manager that closes a database in this process before it drops it, and lets nobody open it meanwhile. */
export function closingManager(
  manager: TenantDatabaseManager,
  handles: TenantHandles,
): TenantDatabaseManager {
  return {
    driver: manager.driver,
    capabilities: manager.capabilities,
    create: (database) => manager.create(database),
    async drop(database) {
      const handle = handles.retain(database);
      try {
        await handle.whileClosed(() => manager.drop(database));
      } finally {
        handles.release(handle);
      }
    },
    inspect: (database) => manager.inspect(database),
  };
}
