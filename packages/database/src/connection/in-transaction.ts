import type { ConnectionLease } from "./connection-lease.ts";

/** Runs work in one transaction on a leased connection: kept when it resolves, taken back when it rejects. */
export async function inTransaction<R>(lease: ConnectionLease, work: () => Promise<R>): Promise<R> {
  const { connection, driver } = lease;
  await driver.beginTransaction(connection, {});
  let result: R;
  try {
    result = await work();
    await driver.commitTransaction(connection);
  } catch (error) {
    await driver.rollbackTransaction(connection);
    throw error;
  }
  return result;
}
