import type { CentralRegistry } from "@af-tenancy/core";
import { acme, globex, tenantRecord } from "../fixtures/tenant-record.ts";
import type { MakeRegistry } from "./central-registry-harness.ts";

/** Makes a registry that holds acme and globex, and more tenants by slug. */
export async function withTenants(
  make: MakeRegistry,
  slugs: readonly string[] = [],
): Promise<CentralRegistry> {
  const registry = await make();
  await registry.transaction(async ({ tenants }) => {
    await tenants.insert(acme(), []);
    await tenants.insert(globex(), []);
    for (const slug of slugs) await tenants.insert(tenantRecord({ slug }), []);
  });
  return registry;
}
