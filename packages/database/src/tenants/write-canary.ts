import type { TenantDatabase } from "@af-tenancy/core";
import type { ConnectionLease } from "../connection/connection-lease.ts";
import { sqlRunner } from "../connection/dialect.ts";
import { CanaryFailedError } from "../errors.ts";
import { ownerMarker } from "./owner-marker.ts";

/** Proves that a database takes a write and takes it back; throws `CanaryFailedError`. */
export async function writeCanary(lease: ConnectionLease, database: TenantDatabase): Promise<void> {
  const { connection, driver } = lease;
  const own = ` where tenant_id = '${database.tenantId}'`;
  await driver.beginTransaction(connection, {});
  let written: number;
  try {
    await sqlRunner(connection)(ownerMarker.writeCanary + own);
    written = await readCanary(lease, database);
  } finally {
    await driver.rollbackTransaction(connection);
  }
  // Where the write was not made, or is still there, both are the same.
  if (written === (await readCanary(lease, database)) + 1) return;
  const { name } = database.placement;
  throw new CanaryFailedError(
    name,
    "what was written is not read, or is still there after the rollback",
  );
}

/** Read with the statement that a database's owner was read with, which is ready to be run again. */
async function readCanary(
  { connection }: ConnectionLease,
  { tenantId, placement }: TenantDatabase,
): Promise<number> {
  const run = sqlRunner(connection);
  // Where tenants share a database there are markers of others beside it.
  const own = placement.strategy === "row" ? ` where tenant_id = '${tenantId}'` : "";
  const rows = await run<CanaryRow>(ownerMarker.readOwner + own);
  return Number(rows.find((row) => row.tenant_id === tenantId)?.canary ?? Number.NaN);
}

interface CanaryRow {
  readonly tenant_id: string;
  readonly canary: unknown;
}
