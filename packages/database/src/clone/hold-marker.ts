import { DatabaseNotReadyError, type TenantDatabase } from "@af-tenancy/core";
import type { RunSql } from "../connection/dialect.ts";

/**
 * Locks the owner marker of a database until the transaction ends, so that a process which another one has replaced
 * writes nothing any more. Throws `DatabaseNotReadyError` where the marker says another generation.
 */
export async function holdMarker(
  run: RunSql,
  { tenantId, placement: { name, generation } }: TenantDatabase,
): Promise<void> {
  const own = `where tenant_id = '${tenantId}' and generation = ${generation}`;
  await run(`update _tenancy_owner set canary = canary ${own}`);
  const found = await run(`select canary from _tenancy_owner ${own}`);
  if (found.length > 0) return;
  throw new DatabaseNotReadyError(tenantId, `"${name}" is of another generation by now`);
}
