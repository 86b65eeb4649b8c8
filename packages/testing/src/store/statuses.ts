import type { TenantStatus } from "@af-tenancy/core";

/** Every status that a tenant can have. */
export const statuses: readonly TenantStatus[] = [
  "provisioning",
  "pending",
  "active",
  "inactive",
  "suspended",
  "blocked",
  "archived",
  "deleting",
  "deleted",
  "failed",
];
