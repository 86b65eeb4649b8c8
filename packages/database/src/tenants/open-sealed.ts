import { type DatabaseOwner, isTenancyError, type TenantDatabase } from "@af-tenancy/core";
import { type DialectDriver, sqlRunner } from "../connection/dialect.ts";
import { DatabaseMismatchError, DatabaseUnavailableError } from "../errors.ts";
import type { TenantDriver } from "./tenant-driver.ts";

/**
 * Opens a tenant's database and checks that its marker names that tenant and generation. Throws
 * `DatabaseNotReadyError`, `DatabaseMismatchError` or `DatabaseUnavailableError`.
 */
export async function openSealed(
  driver: Pick<TenantDriver, "open" | "readOwner">,
  database: TenantDatabase,
): Promise<DialectDriver> {
  let opened: DialectDriver | undefined;
  try {
    opened = await driver.open(database);
    await checkOwner(driver, opened, database);
    return opened;
  } catch (error) {
    await opened?.destroy();
    if (isTenancyError(error)) throw error;
    throw new DatabaseUnavailableError(database.placement.name, { cause: error });
  }
}

async function checkOwner(
  { readOwner }: Pick<TenantDriver, "readOwner">,
  opened: DialectDriver,
  { tenantId, placement }: TenantDatabase,
): Promise<void> {
  const connection = await opened.acquireConnection();
  const found = await readOwner(sqlRunner(connection));
  await opened.releaseConnection(connection);
  const { generation, name } = placement;
  if (found?.tenantId === tenantId && found.generation === generation) return;
  throw new DatabaseMismatchError(name, describe({ tenantId, generation }), describe(found));
}

function describe(owner: DatabaseOwner | undefined): string {
  if (owner === undefined) return "nobody's";
  return `tenant "${owner.tenantId}", generation ${owner.generation}`;
}
