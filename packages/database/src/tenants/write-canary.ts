import type { ConnectionLease } from "../connection/connection-lease.ts";
import { sqlRunner } from "../connection/dialect.ts";
import { CanaryFailedError } from "../errors.ts";
import { ownerMarker } from "./owner-marker.ts";

/** Proves that a database takes a write and takes it back; throws `CanaryFailedError`. */
export async function writeCanary(lease: ConnectionLease, name: string): Promise<void> {
  const { connection, driver } = lease;
  const before = await readCanary(lease);
  await driver.beginTransaction(connection, {});
  try {
    await sqlRunner(connection)(ownerMarker.writeCanary);
    const written = await readCanary(lease);
    if (written !== before + 1) throw new CanaryFailedError(name, "what was written is not read");
  } finally {
    await driver.rollbackTransaction(connection);
  }
  const after = await readCanary(lease);
  if (after !== before) throw new CanaryFailedError(name, "what was rolled back is still there");
}

async function readCanary({ connection }: ConnectionLease): Promise<number> {
  const [row] = await sqlRunner(connection)<{ readonly canary: unknown }>(ownerMarker.readCanary);
  return Number(row?.canary ?? Number.NaN);
}
