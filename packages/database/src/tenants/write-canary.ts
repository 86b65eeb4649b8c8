import type { TenantDatabase } from "@af-tenancy/core";
import type { ConnectionLease } from "../connection/connection-lease.ts";
import { sqlRunner } from "../connection/dialect.ts";
import { CanaryFailedError } from "../errors.ts";
import { ownerMarker } from "./owner-marker.ts";

/** Proves that a database takes a write and takes it back; throws `CanaryFailedError`. */
export async function writeCanary(lease: ConnectionLease, database: TenantDatabase): Promise<void> {
  const { connection, driver } = lease;
  const { name } = database.placement;
  const own = ` where tenant_id = '${database.tenantId}'`;
  const before = await readCanary(lease, own);
  await driver.beginTransaction(connection, {});
  try {
    await sqlRunner(connection)(ownerMarker.writeCanary + own);
    const written = await readCanary(lease, own);
    if (written !== before + 1) throw new CanaryFailedError(name, "what was written is not read");
  } finally {
    await driver.rollbackTransaction(connection);
  }
  const after = await readCanary(lease, own);
  if (after !== before) throw new CanaryFailedError(name, "what was rolled back is still there");
}

/** Where tenants share a database there are markers of others beside it. */
async function readCanary({ connection }: ConnectionLease, own: string): Promise<number> {
  const run = sqlRunner(connection);
  const [row] = await run<{ readonly canary: unknown }>(ownerMarker.readCanary + own);
  return Number(row?.canary ?? Number.NaN);
}
