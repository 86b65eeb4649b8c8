import { ConfigurationError, checkKnownOptions } from "@af-tenancy/core";
import { Syncing } from "./syncing.ts";
import type { ResourceSyncing, ResourceSyncingOptions } from "./syncing-options.ts";

/**
 * Keeps records alike in the central database and in tenants. Give it to `createTenancy` among the bootstrappers, and its
 * tables to the databases. Throws `ConfigurationError`, also when the tenancy is composed.
 *
 * @example
 * const syncing = resourceSyncing({ resources: [users] });
 * const tenancy = createTenancy({ registry, databases: db, bootstrappers: [syncing] });
 */
export function resourceSyncing(options: ResourceSyncingOptions): ResourceSyncing {
  checkKnownOptions<ResourceSyncingOptions>("resourceSyncing", options, {
    resources: true,
    queue: true,
  });
  const { resources, queue } = options;
  if (!Array.isArray(resources) || resources.length === 0) {
    const remedy = "list what is kept alike, made by syncedResource().";
    throw new ConfigurationError("resources", "empty or no list", remedy);
  }
  if (queue !== undefined && typeof queue !== "function") {
    throw new ConfigurationError("queue", `of type ${typeof queue}`, "give a function.");
  }
  return new Syncing({ ...options, resources: [...resources] });
}
