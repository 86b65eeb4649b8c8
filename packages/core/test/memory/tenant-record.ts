import type { TenantRecord } from "../../src/index.ts";

/** Makes a tenant; core's own tests do without the testing package, which needs core. */
export function tenantRecord(slug: string, values: Partial<TenantRecord> = {}): TenantRecord {
  return {
    id: `tenant-${slug}`,
    slug,
    name: slug,
    status: "active",
    version: 1,
    placement: undefined,
    maintenance: undefined,
    expiresAt: undefined,
    access: "read-write",
    plan: undefined,
    metadata: {},
    createdAt: 0,
    updatedAt: 0,
    createdBy: undefined,
    updatedBy: undefined,
    lastAccessedAt: undefined,
    homepage: false,
    schemaVersion: undefined,
    suspendedAt: undefined,
    deletedAt: undefined,
    graceUntil: undefined,
    formerStatus: undefined,
    ...values,
  };
}
