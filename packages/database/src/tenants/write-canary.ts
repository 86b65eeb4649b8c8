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
    written = await readCanary(lease, own);
  } finally {
    await driver.rollbackTransaction(connection);
  }
  // Where the write was not made, or is still there, both are the same.
  if (written === (await readCanary(lease, own)) + 1) return;
  const { name } = database.placement;
  throw new CanaryFailedError(
    name,
    "what was written is not read, or is still there after the rollback",
  );
}

/** Where tenants share a database there are markers of others beside it. */
async function readCanary({ connection }: ConnectionLease, own: string): Promise<number> {
  const run = sqlRunner(connection);
  const [row] = await run<{ readonly canary: unknown }>(ownerMarker.readCanary + own);
  return Number(row?.canary ?? Number.NaN);
}
