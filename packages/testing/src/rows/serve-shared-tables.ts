import { randomUUID } from "node:crypto";
import {
  createTenancy,
  memoryRegistry,
  type Placement,
  type Tenancy,
  type Tenant,
  type TenantDatabases,
  type TenantRecord,
} from "@af-tenancy/core";
import { tenantRecord } from "../fixtures/tenant-record.ts";
import type { SharedTables, SharedTablesManager } from "./shared-tables-harness.ts";

/** Databases that give the entity manager of the current tenant. */
export interface ServingDatabases extends TenantDatabases {
  em(): unknown;
}

/** What of an application with shared tables is the same for every driver. */
export interface ServedTables
  extends Pick<SharedTables, "databases" | "add" | "drop" | "run" | "close"> {
  readonly tenancy: Tenancy<TenantRecord>;
  /** With what its placement is to be like. */
  add(wish?: Partial<Placement>): Promise<TenantRecord>;
}

/**
 * Starts an application on databases whose new tenants share tables.
 *
 * @example const served = await serveSharedTables(sqlite({ folder, entities, strategies: ["row"] }));
 */
export async function serveSharedTables(databases: ServingDatabases): Promise<ServedTables> {
  const registry = memoryRegistry();
  const tenancy = createTenancy<TenantRecord>({ registry, databases });
  await tenancy.start();

  return {
    ...{ databases, tenancy },
    async add(wish) {
      const id = randomUUID();
      const placement = databases.place(id, 1, wish);
      const tenant = { ...tenantRecord({ id, slug: `t-${id}` }), placement };
      await databases.manager(placement).create({ tenantId: id, placement });
      await databases.migrate(tenant);
      await registry.transaction(({ tenants }) => tenants.insert(tenant, []));
      return tenant;
    },
    async drop({ id, placement }: Tenant) {
      if (placement) await databases.manager(placement).drop({ tenantId: id, placement });
    },
    run: (tenant, work) =>
      tenancy.run(tenant as TenantRecord, () => work(databases.em() as SharedTablesManager)),
    close: () => tenancy.close(),
  };
}
