import type { TenantStatus } from "@af-tenancy/core";

/** Statuses of tenants that can be named: all but `pending`, who have no names, and `deleting`. */
export const everyStatus = Object.freeze([
  ...(["active", "inactive", "suspended", "blocked", "archived"] as const),
  ...(["deleted", "failed", "provisioning"] as const),
]) satisfies readonly TenantStatus[];
