import type { CentralRegistry } from "@af-tenancy/core";

/** A registry in which somebody changes a tenant each time after it was read, as often as `times` says. */
export function restlessRegistry(registry: CentralRegistry, times: () => number): CentralRegistry {
  return {
    name: "restless",
    changes: registry.changes,
    store: {
      list: (filter) => registry.store.list(filter),
      async find(reference) {
        const found = await registry.store.find(reference);
        if (found === undefined || times() <= 0) return found;
        await registry.transaction(({ tenants }) =>
          tenants.update(found.id, found.version, { plan: `plan-${found.version}` }),
        );
        return found;
      },
    },
    transaction: (work) => registry.transaction(work),
  };
}
