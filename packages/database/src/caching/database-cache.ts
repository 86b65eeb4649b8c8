import {
  attachOnce,
  type CacheSpace,
  type CacheStore,
  ConfigurationError,
  type TenancyHost,
} from "@af-tenancy/core";
import type { SqlEntityManager } from "@mikro-orm/sql";
import { TENANT_EM } from "../tenants/current-database.ts";
import { DatabaseEntries } from "./database-entries.ts";

/** Tenant databases, as far as a cache in them is concerned. */
export interface CachingDatabases {
  /** Where the global cache is. */
  central(): SqlEntityManager;
}

/**
 * Makes a store in each tenant's own database, in the tables of `cacheTables()` or of the driver's store migrations, where
 * keys are as the application names them; the global cache is in the central database. In a transaction of the tenant's it
 * is a part of it. An application has one such store.
 *
 * @example applicationCaches({ stores: { default: memoryCache(), reports: databaseCache(db) } })
 * @throws ConfigurationError when it is given no databases
 */
export function databaseCache(databases: CachingDatabases): CacheStore {
  if (typeof databases?.central !== "function") {
    const remedy = "pass what sqlite(), postgresql(), mysql() or tenantDatabases() gave.";
    throw new ConfigurationError("databaseCache", "given no databases", remedy);
  }
  const attachment = attachOnce("bootstrappers: [cacheBootstrapper(caches)]");
  // Of all tenants: most stays are too short to have a turn of their own.
  let writes = 0;
  const isTimeToSweep = () => writes++ % writesBetweenSweeps === 0;
  return {
    name: "database-cache",
    place: databases,
    attach: (host: TenancyHost) => attachment.attach(host),
    open: ({ get }: CacheSpace) =>
      new DatabaseEntries(
        () => (get === undefined ? databases.central() : get(TENANT_EM)),
        attachment.clock,
        isTimeToSweep,
      ),
  };
}

/** A prime, so that tenants who write in turn all have their rows swept. */
const writesBetweenSweeps = 97;
