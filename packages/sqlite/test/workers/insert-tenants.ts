import type { TenantRecord } from "@af-tenancy/core";
import { sqliteRegistry } from "@af-tenancy/sqlite";

/** The fixtures of the testing package come with vitest, which runs only inside itself. */
function tenantRecord(slug: string): TenantRecord {
  return {
    ...{ id: `tenant-${slug}`, slug, name: slug, status: "active", version: 1 },
    ...{ placement: undefined, maintenance: undefined, expiresAt: undefined, plan: undefined },
    ...{ access: "read-write", metadata: {}, createdAt: 0, updatedAt: 0 },
    ...{ createdBy: undefined, updatedBy: undefined, lastAccessedAt: undefined, homepage: false },
    ...{ schemaVersion: undefined, suspendedAt: undefined, deletedAt: undefined },
    ...{ graceUntil: undefined, formerStatus: undefined },
  };
}

/** Writes tenants into a registry, each with a change, and prints each id once it was acknowledged. */
const [file = "", prefix = "", count = "0"] = process.argv.slice(2);
const registry = sqliteRegistry({ file });
await registry.start?.();

for (let number = 0; number < Number(count); number++) {
  const tenant = tenantRecord(`${prefix}-${number}`);
  await registry.transaction(async ({ tenants, outbox }) => {
    await tenants.insert(tenant, []);
    await outbox.append({ type: "tenant.created", tenantId: tenant.id, version: 1, payload: {} });
  });
  process.stdout.write(`${tenant.id}\n`);
}
await registry.close?.();
