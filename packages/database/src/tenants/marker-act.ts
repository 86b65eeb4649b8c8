import { DatabaseOwnedError, type DatabaseOwner, type TenantDatabase } from "@af-tenancy/core";

/** What is left to do about the marker of a database that its tenant adopts: `raise` gives it a newer generation. */
export type MarkerAct = "write" | "raise" | "nothing";

/**
 * Says what adopting a database takes where `found` is the marker in it. Throws `DatabaseOwnedError` where that names
 * another tenant, or a newer generation, which somebody else works with.
 */
export function markerAct(
  { tenantId, placement: { name, generation } }: TenantDatabase,
  found: DatabaseOwner | undefined,
): MarkerAct {
  if (found === undefined) return "write";
  if (found.tenantId === tenantId && found.generation <= generation) {
    return found.generation === generation ? "nothing" : "raise";
  }
  throw new DatabaseOwnedError(name, `tenant "${found.tenantId}", generation ${found.generation}`);
}

/** A table that only a registry has: a database with it is no tenant's, and never becomes one. */
export const registryTable = "physical_databases";
