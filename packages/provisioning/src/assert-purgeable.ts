import { type PurgeOptions, TenantNotDeletedError, type TenantRecord } from "@af-tenancy/core";

/** Throws `TenantNotDeletedError` for a tenant that was not deleted, or whose grace is not over. */
export function assertPurgeable(
  { id, status, graceUntil }: TenantRecord,
  { skipGrace = false }: PurgeOptions,
  now: number,
): void {
  if (skipGrace) return;
  if (status !== "deleted" && status !== "deleting") {
    throw new TenantNotDeletedError(id, `is "${status}"`);
  }
  if (graceUntil === undefined || graceUntil <= now) return;
  const until = new Date(graceUntil).toISOString();
  throw new TenantNotDeletedError(id, `can be restored until ${until}`);
}
