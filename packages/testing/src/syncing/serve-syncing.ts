import { randomUUID } from "node:crypto";
import {
  createTenancy,
  memoryRegistry,
  type TenancyBootstrapper,
  type TenantDatabases,
  type TenantRecord,
} from "@af-tenancy/core";
import { tenantRecord } from "../fixtures/tenant-record.ts";
import type {
  ResourceSyncingSubject,
  SyncedManager,
  SyncingCalls,
} from "./resource-syncing-harness.ts";
import type { SyncedPeople } from "./synced-people.ts";

/** Databases with a central one. */
export interface SyncedServing extends TenantDatabases {
  em(): unknown;
  central(): unknown;
}

/**
 * Starts an application with three tenants on databases whose people are kept alike; its `close` drops theirs.
 *
 * @example const subject = await serveSyncing(db, syncing, entities);
 */
export async function serveSyncing(
  databases: SyncedServing,
  syncing: TenancyBootstrapper & SyncingCalls,
  entities: SyncedPeople,
): Promise<ResourceSyncingSubject> {
  const registry = memoryRegistry();
  const tenancy = createTenancy<TenantRecord>({ registry, databases, bootstrappers: [syncing] });
  await tenancy.start();

  async function add(slug: string): Promise<TenantRecord> {
    const id = randomUUID();
    const placement = databases.place(id, 1);
    const tenant = { ...tenantRecord({ id, slug }), placement };
    await databases.manager(placement).create({ tenantId: id, placement });
    await databases.migrate(tenant);
    await registry.transaction(({ tenants }) => tenants.insert(tenant, []));
    return tenant;
  }

  const tenants = [await add("acme"), await add("globex"), await add("initech")] as const;
  return {
    ...{ entities, syncing, tenants, events: tenancy.events },
    run: ({ id }, work) => tenancy.run(id, () => work(databases.em() as SyncedManager)),
    central: () => databases.central() as SyncedManager,
    async close() {
      for (const { id: tenantId, placement } of tenants) {
        if (placement) await databases.manager(placement).drop({ tenantId, placement });
      }
      await tenancy.close();
    },
  };
}
