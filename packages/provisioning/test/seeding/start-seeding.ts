import {
  createTenancy,
  type MemorySeeder,
  manualClock,
  memoryDatabases,
  memoryRegistry,
  type TenantRecord,
} from "@af-tenancy/core";
import { tenantRecord } from "@af-tenancy/testing";
import { type ProvisioningOptions, provisioning } from "../../src/index.ts";
import type { MemoryManager, Rows } from "../migrations/start-fleet.ts";

/** Starts a fleet in memory whose tenants can be seeded. */
export async function startSeeding(
  seeders: Readonly<Record<string, MemorySeeder>> | undefined,
  options: ProvisioningOptions = {},
) {
  const clock = manualClock(1_000_000);
  const registry = memoryRegistry({ clock });
  const databases = memoryDatabases(seeders === undefined ? {} : { seeders });
  const parts = { clock, registry, databases, provisioning: provisioning(options) };
  const tenancy = createTenancy(parts);
  await tenancy.start();

  async function add(slug: string, values: Partial<TenantRecord> = {}): Promise<TenantRecord> {
    const placement = databases.place(slug, 1);
    const tenant = tenantRecord({ id: slug, slug, placement, ...values });
    await databases.manager(placement).create({ tenantId: slug, placement });
    await registry.transaction(({ tenants }) => tenants.insert(tenant, []));
    return tenant;
  }

  return {
    ...{ clock, registry, databases, tenancy, add, seeding: tenancy.tenants.seeding },
    rows: ({ id, placement }: TenantRecord): Rows => {
      const manager = databases.manager(placement as never) as MemoryManager;
      return manager.find({ tenantId: id, placement: placement as never })?.rows ?? new Map();
    },
    /** Lets time pass until work that may sleep is over. */
    async settle<R>(work: Promise<R>): Promise<R> {
      let isOver = false;
      const over = work.finally(() => {
        isOver = true;
      });
      over.catch(() => undefined);
      while (!isOver) await clock.advance(100);
      return over;
    },
  };
}

/** Counts in a database how often it has run. */
export function counting(name: string): MemorySeeder {
  return (rows) => void rows.set(name, Number(rows.get(name) ?? 0) + 1);
}
