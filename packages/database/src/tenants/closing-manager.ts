import type { TenantDatabase, TenantDatabaseManager } from "@af-tenancy/core";
import type { Late } from "../connection/pool/leases.ts";
import type { TenantHandles } from "./tenant-handles.ts";

/**
 * Makes a manager that closes a database in this process before it drops or renames it, and lets nobody open it
 * meanwhile. Who still uses it after `maxWait` loses it to a drop, and keeps it from being renamed.
 */
export function closingManager(
  manager: TenantDatabaseManager,
  handles: TenantHandles,
): TenantDatabaseManager {
  const whileClosed = async (database: TenantDatabase, work: () => Promise<void>, late: Late) => {
    const handle = handles.retain(database);
    try {
      await handle.whileClosed(work, late);
    } finally {
      handles.release(handle);
    }
  };
  return {
    driver: manager.driver,
    capabilities: manager.capabilities,
    ...(manager.folder !== undefined && { folder: manager.folder }),
    create: (database) => manager.create(database),
    drop: (database) => whileClosed(database, () => manager.drop(database), "cut-off"),
    inspect: (database) => manager.inspect(database),
    ...(manager.adopt && { adopt: async (database: TenantDatabase) => manager.adopt?.(database) }),
    ...(manager.createFrom && {
      createFrom: async (database: TenantDatabase, source: TenantDatabase) =>
        manager.createFrom?.(database, source),
    }),
    ...(manager.rename && {
      rename: (database: TenantDatabase, name: string) =>
        whileClosed(database, async () => manager.rename?.(database, name), "kept"),
    }),
  };
}
