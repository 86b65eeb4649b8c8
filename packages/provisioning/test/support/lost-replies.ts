import type { CentralRegistry, RegistryTransaction } from "@af-tenancy/core";

/** A registry of which one commit's reply is lost on the way: it is kept, and its caller sees an error. */
export function losingReply(registry: CentralRegistry, lost: number): CentralRegistry {
  let commits = 0;
  return {
    name: "losing",
    store: registry.store,
    changes: registry.changes,
    async transaction<R>(work: (transaction: RegistryTransaction) => Promise<R>): Promise<R> {
      const result = await registry.transaction(work);
      commits += 1;
      if (commits === lost) throw new RangeError("ECONNRESET");
      return result;
    },
  };
}

/** A registry of which one commit never arrives. */
export function losingCommit(registry: CentralRegistry, lost: number): CentralRegistry {
  let commits = 0;
  return {
    name: "losing",
    store: registry.store,
    changes: registry.changes,
    async transaction<R>(work: (transaction: RegistryTransaction) => Promise<R>): Promise<R> {
      commits += 1;
      const isLost = commits === lost;
      return registry.transaction(async (transaction) => {
        const result = await work(transaction);
        if (isLost) throw new RangeError("ECONNRESET");
        return result;
      });
    },
  };
}
