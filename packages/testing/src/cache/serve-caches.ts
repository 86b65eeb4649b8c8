import { randomUUID } from "node:crypto";
import {
  type ApplicationCache,
  createTenancy,
  memoryRegistry,
  type TenancyBootstrapper,
  type TenantDatabases,
  type TenantRecord,
} from "@af-tenancy/core";
import { tenantRecord } from "../fixtures/tenant-record.ts";
import type { ApplicationCacheSubject } from "./application-cache-harness.ts";

/** The functions that give caches. */
export interface ServedCaches {
  tenantCache(): ApplicationCache;
  globalCache(): ApplicationCache;
}

/** An application whose caches are in tenants' databases. */
export interface CachingSite {
  /** Makes two new tenants for a test, and empties the global cache; the subject's `close` drops their databases. */
  subject(): Promise<ApplicationCacheSubject>;
  close(): Promise<void>;
}

/**
 * Starts an application whose tenants have caches in their databases.
 *
 * @example const site = await serveCaches(db, caches, cacheBootstrapper(caches));
 */
export async function serveCaches(
  databases: TenantDatabases,
  caches: ServedCaches,
  bootstrapper: TenancyBootstrapper,
): Promise<CachingSite> {
  const registry = memoryRegistry();
  const bootstrappers = [bootstrapper];
  const tenancy = createTenancy<TenantRecord>({ registry, databases, bootstrappers });
  await tenancy.start();

  async function add(slug: string): Promise<TenantRecord> {
    const id = randomUUID();
    const placement = databases.place(id, 1);
    const tenant = { ...tenantRecord({ id, slug: `${slug}-${id}` }), placement };
    await databases.manager(placement).create({ tenantId: id, placement });
    await databases.migrate(tenant);
    await registry.transaction(({ tenants }) => tenants.insert(tenant, []));
    return tenant;
  }

  return {
    async subject() {
      const [acme, globex] = [await add("acme"), await add("globex")];
      await caches.globalCache().clear();
      return {
        ...{ acme, globex },
        run: (tenant, work) => tenancy.run(tenant, work),
        tenantCache: () => caches.tenantCache(),
        globalCache: () => caches.globalCache(),
        async close() {
          for (const { id: tenantId, placement } of [acme, globex]) {
            if (placement) await databases.manager(placement).drop({ tenantId, placement });
          }
        },
      };
    },
    close: () => tenancy.close(),
  };
}
