import type { TenantRecord } from "../../src/index.ts";

/** Makes an active tenant; what is not said has a plain default. */
export function tenantRecord(values: Partial<TenantRecord> & { slug: string }): TenantRecord {
  return Object.freeze({
    id: `${values.slug}-id`,
    name: values.slug,
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
  });
}

/** The first tenant of an isolation test. */
export const acme = tenantRecord({ slug: "acme" });
/** The second tenant of an isolation test. */
export const globex = tenantRecord({ slug: "globex" });
