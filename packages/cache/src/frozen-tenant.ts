import type { TenantAccess, TenantRecord, TenantStatus } from "@af-tenancy/core";

/**
 * Copies a tenant so that nobody who shares it can change it. The words that are compared for each request become the
 * same everywhere: comparing a text with itself reads no memory.
 */
export function frozenTenant(tenant: TenantRecord): TenantRecord {
  const { status, access } = tenant;
  return frozen({ ...tenant, status: oneOf(statuses, status), access: oneOf(accesses, access) });
}

function oneOf<V extends string>(known: readonly V[], value: V): V {
  return known.find((one) => one === value) ?? value;
}

const statuses: readonly TenantStatus[] = ["active", "suspended", "inactive", "blocked"];
const accesses: readonly TenantAccess[] = ["read-write", "read-only", "closed"];

/** Freezes a value of plain objects and arrays. */
function frozen<V>(value: V): V {
  if (typeof value !== "object" || value === null) return value;
  for (const part of Object.values(value)) frozen(part);
  return Object.freeze(value);
}
