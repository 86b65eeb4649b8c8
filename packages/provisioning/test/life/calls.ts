import type { StatusMove, TenantOperations, TenantRecord } from "@af-tenancy/core";

/** The calls that move a tenant, by name. */
export type CallName = Exclude<StatusMove, "create" | "repair" | "claim" | "purge">;

/** Every call that moves a tenant. */
export const callNames: readonly CallName[] = [
  "activate",
  "deactivate",
  "suspend",
  "resume",
  "block",
  "unblock",
  "archive",
  "unarchive",
  "delete",
  "restore",
];

/** Makes the call for a tenant. */
export function call(tenants: TenantOperations, name: CallName, id: string): Promise<TenantRecord> {
  return tenants[name](id);
}
