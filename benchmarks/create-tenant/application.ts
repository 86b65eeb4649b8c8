import { type CentralRegistry, createTenancy } from "@af-tenancy/core";
import type { MikroOrmDatabases } from "@af-tenancy/database";
import { provisioning } from "@af-tenancy/provisioning";

/** A started application that makes tenants, and drops what it made. */
export async function startApplication(registry: CentralRegistry, databases: MikroOrmDatabases) {
  const tenancy = createTenancy({ registry, databases, provisioning: provisioning() });
  await tenancy.start();
  let number = 0;
  return {
    async make(): Promise<void> {
      await tenancy.tenants.create({ slug: `tenant-${number++}` });
    },
    async pulls(count: number): Promise<readonly number[]> {
      const { pending } = tenancy.tenants;
      await pending.fill(count);
      const milliseconds: number[] = [];
      for (let pulled = 0; pulled < count; pulled++) {
        const started = performance.now();
        await pending.pull({ slug: `pulled-${pulled}`, domains: [`pulled-${pulled}.example.com`] });
        milliseconds.push(performance.now() - started);
      }
      return milliseconds;
    },
    async close(): Promise<void> {
      for await (const { id: tenantId, placement } of registry.store.list()) {
        if (placement === undefined) continue;
        await databases.manager(placement).drop({ tenantId, placement });
      }
      await tenancy.close();
    },
  };
}
