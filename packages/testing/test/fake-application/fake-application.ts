import { createTenancy, memoryRegistry, type TenantOperations } from "@af-tenancy/core";
import { backupOperation } from "./backup-operation.ts";
import { CabinetDatabases } from "./cabinet-databases.ts";
import { createOperation } from "./create-operation.ts";
import { FakeProvisioning } from "./fake-provisioning.ts";
import { firstOf } from "./first-of.ts";
import { headerResolver } from "./header-resolver.ts";
import { hostResolver } from "./host-resolver.ts";
import { MapRedisClient } from "./map-redis-client.ts";
import { mixedDatabases } from "./mixed-databases.ts";
import { NOTEBOOK } from "./notebook.ts";
import { redisTenantStore } from "./redis-tenant-store.ts";
import { ShelfDatabases } from "./shelf-databases.ts";
import { trusting } from "./trusting.ts";

/** Composes an application from parts that know nothing but core's contracts. */
export async function fakeApplication() {
  const vault = new Map<string, string>();
  const redis = new MapRedisClient();
  const registry = memoryRegistry();
  const databases = mixedDatabases({
    cabinet: new CabinetDatabases(),
    shelf: new ShelfDatabases(),
  });
  const backup = backupOperation({
    vault,
    readNotes: (tenant) => tenancy.run(tenant.id, () => tenancy.get(NOTEBOOK).all()),
  });
  const tenancy = createTenancy({
    registry,
    store: redisTenantStore(registry.store, redis),
    databases,
    provisioning: new FakeProvisioning(
      [createOperation, backup],
      counted(),
    ) as unknown as TenantOperations,
    resolve: firstOf(
      trusting(["10.0.0.1"], headerResolver("X-Tenant")),
      hostResolver("example.com"),
    ),
    central: ["example.com"],
  });
  await tenancy.start();
  return { tenancy, registry, databases, redis, vault, notes: () => tenancy.get(NOTEBOOK) };
}

function* counted(): Generator<string> {
  for (let count = 1; ; count += 1) yield `id-${count}`;
}
