import type { CentralRegistry, OperationProgress, RegistryTransaction } from "@af-tenancy/core";

/** Is told of each registry transaction by what it journals: `intent`, `take-over`, or the step that it ends. */
export interface RegistryWatch {
  /** Before anything of it was written. */
  before(commit: string): Promise<void>;
  /** When all of it was written and nothing committed. */
  inside(commit: string): Promise<void>;
  /** When it is committed. */
  after(commit: string): Promise<void>;
}

/** Gives a registry whose transactions are watched; renewals of a lease are not told. */
export function watchedRegistry(registry: CentralRegistry, watch: RegistryWatch): CentralRegistry {
  return {
    name: registry.name,
    store: registry.store,
    changes: registry.changes,
    attach: (host) => registry.attach?.(host),
    start: () => registry.start?.(),
    close: () => registry.close?.(),
    async transaction<R>(work: (transaction: RegistryTransaction) => Promise<R>): Promise<R> {
      let commit: string | undefined;
      const result = await registry.transaction(async (transaction) => {
        const written = await work(
          watched(transaction, async (name) => {
            if (commit !== undefined) return;
            commit = name;
            await watch.before(name);
          }),
        );
        if (commit !== undefined) await watch.inside(commit);
        return written;
      });
      if (commit !== undefined) await watch.after(commit);
      return result;
    },
  };
}

function watched(
  transaction: RegistryTransaction,
  begin: (commit: string) => Promise<void>,
): RegistryTransaction {
  const { tenants, operations, outbox, ledger } = transaction;
  const { domains, servers, audit, accesses, sequences, leases } = transaction;
  const { schemas, migrationPlans, plannedTenants, centralDomains } = transaction;
  return {
    ...{ domains, servers, audit, accesses, sequences, leases },
    ...{ schemas, migrationPlans, plannedTenants, centralDomains },
    tenants: {
      async insert(...args) {
        await begin("intent");
        await tenants.insert(...args);
      },
      async update(id, version, changes) {
        if (changes.slug !== undefined) await begin("pull");
        return tenants.update(id, version, changes);
      },
      remove: (...args) => tenants.remove(...args),
      domains: (id) => tenants.domains(id),
      setDomains: (...args) => tenants.setDomains(...args),
    },
    operations: {
      async open(operation, lease) {
        if (operation.kind === "purge") await begin("purge-intent");
        return operations.open(operation, lease);
      },
      find: (key) => operations.find(key),
      claim: (...args) => operations.claim(...args),
      async save(id, owner, progress) {
        const name = nameOf(progress);
        if (name !== undefined) await begin(name);
        return operations.save(id, owner, progress);
      },
      unfinished: () => operations.unfinished(),
    },
    outbox,
    history: transaction.history,
    ledger: {
      record: (entry) => ledger.record(entry),
      find: (placement) => ledger.find(placement),
      list: (filter) => ledger.list(filter),
      async forget(placement) {
        await begin("forget-garbage");
        await ledger.forget(placement);
      },
    },
  };
}

function nameOf({ done, generation }: OperationProgress): string | undefined {
  return generation === undefined ? done?.at(-1) : "take-over";
}
