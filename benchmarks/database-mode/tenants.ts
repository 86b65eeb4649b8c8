import { randomUUID } from "node:crypto";
import {
  createTenancy,
  memoryStore,
  type Placement,
  type Tenancy,
  type Tenant,
} from "@af-tenancy/core";
import type { MikroOrmDatabases } from "@af-tenancy/database";
import { tenantNumbers } from "./mode-case.ts";

/** A tenant that has a database. */
type PlacedTenant = Tenant & { readonly placement: Placement };

/** Tenants with a database each, made as provisioning makes them. */
export interface Tenants {
  readonly tenancy: Tenancy<Tenant>;
  /** By their numbers. */
  of(number: number): PlacedTenant;
  readonly all: readonly PlacedTenant[];
  /** Drops what was made and closes the tenancy. */
  close(): Promise<void>;
}

/** Makes the databases of ten tenants and the tenancy that serves them. */
export async function makeTenants(db: MikroOrmDatabases): Promise<Tenants> {
  const all = tenantNumbers.map((number): PlacedTenant => {
    const id = randomUUID();
    const placement = db.place(id, 1);
    return { id, slug: `tenant-${number}`, status: "active", version: 1, placement };
  });
  const tenancy = createTenancy<Tenant>({ store: memoryStore(all), databases: db });
  await tenancy.start();
  for (const tenant of all) {
    const { id: tenantId, placement } = tenant;
    await db.manager(placement).create({ tenantId, placement });
    await db.migrate(tenant);
    await tenancy.run(tenant, () =>
      db.em().execute(`insert into note (id, text) values (1, '${tenant.slug}')`),
    );
  }
  return {
    ...{ tenancy, all },
    of: (number) => all[number] as PlacedTenant,
    async close() {
      for (const { id: tenantId, placement } of all) {
        await db.manager(placement).drop({ tenantId, placement });
      }
      await tenancy.close();
    },
  };
}
