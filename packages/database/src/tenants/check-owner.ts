import type { DatabaseOwner, TenantDatabase } from "@af-tenancy/core";
import type { ConnectionLease } from "../connection/connection-lease.ts";
import { sqlRunner } from "../connection/dialect.ts";
import { typedFailure } from "../connection/pool/open-connection.ts";
import { DatabaseMismatchError } from "../errors.ts";
import type { TenantDriver } from "./tenant-driver.ts";

/**
 * Checks on a leased connection that the database bears the marker of its tenant and generation. Throws
 * `DatabaseMismatchError` or `DatabaseUnavailableError`.
 */
export async function checkOwner(
  { readOwner }: Pick<TenantDriver, "readOwner">,
  { connection }: ConnectionLease,
  database: TenantDatabase,
): Promise<void> {
  let found: DatabaseOwner | undefined;
  try {
    found = await readOwner(sqlRunner(connection), database);
  } catch (error) {
    throw typedFailure(database, error);
  }
  assertOwner(database, found);
}

/** Throws `DatabaseMismatchError` unless the marker that was found names the database's tenant and generation. */
export function assertOwner(
  { tenantId, placement: { generation, name } }: TenantDatabase,
  found: DatabaseOwner | undefined,
): void {
  if (found?.tenantId === tenantId && found.generation === generation) return;
  throw new DatabaseMismatchError(name, describe({ tenantId, generation }), describe(found));
}

function describe(owner: DatabaseOwner | undefined): string {
  if (owner === undefined) return "nobody's";
  return `tenant "${owner.tenantId}", generation ${owner.generation}`;
}
