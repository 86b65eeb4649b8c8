import type { Placement, TenantDatabase, TenantDatabases } from "@af-tenancy/core";

/** A call that changes or proves a tenant database. */
export type DatabaseCall = "create" | "adopt" | "migrate" | "copy" | "verify" | "drop";

/** Is told before and after each call, and may wait, throw or end the process. */
export interface DatabaseWatch {
  before?(call: DatabaseCall, placement: Placement | undefined): Promise<void> | void;
  after?(call: DatabaseCall, placement: Placement | undefined): Promise<void> | void;
}

/** Gives databases whose calls are watched; what they do is what the given ones do. */
export function watchedDatabases(
  databases: TenantDatabases,
  watch: DatabaseWatch,
): TenantDatabases {
  async function watched(
    call: DatabaseCall,
    placement: Placement | undefined,
    act: () => Promise<void>,
  ): Promise<void> {
    await watch.before?.(call, placement);
    await act();
    await watch.after?.(call, placement);
  }

  return {
    name: databases.name,
    bootstrapper: databases.bootstrapper,
    attach: (host) => databases.attach?.(host),
    start: () => databases.start?.(),
    close: () => databases.close?.(),
    place: (...args) => databases.place(...args),
    manager(placement) {
      const manager = databases.manager(placement);
      const { driver, capabilities } = manager;
      return {
        driver,
        capabilities,
        create: (one: TenantDatabase) =>
          watched("create", one.placement, () => manager.create(one)),
        ...(manager.adopt && {
          adopt: (one: TenantDatabase) =>
            watched("adopt", one.placement, async () => manager.adopt?.(one)),
        }),
        ...(manager.createFrom && {
          createFrom: (one: TenantDatabase, source: TenantDatabase) =>
            watched("create", one.placement, async () => manager.createFrom?.(one, source)),
        }),
        drop: (one: TenantDatabase) => watched("drop", one.placement, () => manager.drop(one)),
        inspect: (one) => manager.inspect(one),
      };
    },
    migrate: (tenant) => watched("migrate", tenant.placement, () => databases.migrate(tenant)),
    ...(databases.copyRows && {
      copyRows: (source, tenant, signal) =>
        watched("copy", tenant.placement, async () => databases.copyRows?.(source, tenant, signal)),
    }),
    verify: (tenant) => watched("verify", tenant.placement, () => databases.verify(tenant)),
  };
}
