import type { CentralRegistry, RegistryTransaction } from "@af-tenancy/core";

/**
 * Runs a transaction whose outcome is known in the end: a commit whose reply was lost is not a failure, so after an
 * error `observe` looks whether the work was kept, and only what it does not find is thrown.
 */
export async function certainTransaction<R>(
  registry: CentralRegistry,
  work: (transaction: RegistryTransaction) => Promise<R>,
  observe: (transaction: RegistryTransaction) => Promise<R | undefined>,
): Promise<R> {
  try {
    return await registry.transaction(work);
  } catch (error) {
    const kept = await registry.transaction(observe).catch(() => undefined);
    if (kept === undefined) throw error;
    return kept;
  }
}
