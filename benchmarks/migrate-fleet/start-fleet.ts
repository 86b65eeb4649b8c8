import { type CentralRegistry, createTenancy, type TenantRecord } from "@af-tenancy/core";
import type { MikroOrmDatabases } from "@af-tenancy/database";
import { provisioning } from "@af-tenancy/provisioning";

/**
 * A started application, its tenants with databases that nobody has migrated yet: `maker` has no migrations, since one that
 * has makes databases that had them all.
 */
export async function startFleet(
  registry: CentralRegistry,
  databases: MikroOrmDatabases,
  maker: MikroOrmDatabases,
  count: number,
) {
  const tenancy = createTenancy({ registry, databases, provisioning: provisioning() });
  await tenancy.start();
  const waiting: TenantRecord[] = [];
  for (let number = 0; number < count; number++) waiting.push(tenantOf(databases, number));
  for (const { id: tenantId, placement } of waiting) {
    if (placement !== undefined) await maker.manager(placement).create({ tenantId, placement });
  }
  await registry.transaction(async ({ tenants }) => {
    for (const tenant of waiting) await tenants.insert(tenant, []);
  });
  const [first] = waiting;
  const status = first && (await databases.migrations?.status(first));
  if (status?.applied.length !== 0) throw new RangeError("the tenants were migrated already");
  const { migrations } = tenancy.tenants;
  return {
    async migrate(tenants: number): Promise<void> {
      const next = waiting.splice(0, tenants).map(({ id }) => ({ by: "id", value: id }));
      const { id } = await migrations.begin({ tenants: next });
      const { counts } = await migrations.run(id);
      if (counts.done !== tenants) throw new RangeError("not every tenant was migrated");
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

function tenantOf(databases: MikroOrmDatabases, number: number): TenantRecord {
  const slug = `tenant-${number}`;
  return {
    ...{ id: slug, slug, name: slug, status: "active", version: 1, plan: undefined, metadata: {} },
    ...{ homepage: false, maintenance: undefined, expiresAt: undefined, access: "read-write" },
    ...{ placement: databases.place(slug, 1), schemaVersion: undefined, formerStatus: undefined },
    ...{ suspendedAt: undefined, deletedAt: undefined, graceUntil: undefined },
    ...{ createdAt: 0, updatedAt: 0, createdBy: undefined, updatedBy: undefined },
    lastAccessedAt: undefined,
  };
}
