import {
  type CentralRegistry,
  type Clock,
  createTenancy,
  type ManualClock,
  manualClock,
  memoryDatabases,
  memoryRegistry,
  type Tenancy,
  type TenantDatabases,
} from "@af-tenancy/core";
import { type ProvisioningOptions, provisioning } from "../../src/index.ts";

/** One registry and one set of databases, as several processes share them. */
export interface Installation {
  /** The database server's time. */
  readonly clock: ManualClock;
  readonly registry: CentralRegistry;
  readonly databases: TenantDatabases;
  /** Starts what stands for a process: a tenancy of its own over what all share. */
  join(parts?: ProcessParts): Promise<Tenancy>;
}

/** How a process differs from the others. */
interface ProcessParts extends ProvisioningOptions {
  readonly clock?: Clock;
  readonly registry?: CentralRegistry;
  readonly databases?: TenantDatabases;
}

/** Makes an empty installation in memory, at a time of its own. */
export function installation(): Installation {
  const clock = manualClock(1_000_000);
  const registry = memoryRegistry({ clock });
  const databases = memoryDatabases();
  return {
    clock,
    registry,
    databases,
    async join({ ...parts } = {}) {
      const { clock: own = clock, registry: central = registry, ...rest } = parts;
      const { databases: tenants = databases, ...options } = rest;
      const tenancy = createTenancy({
        clock: own,
        registry: parted(central),
        databases: shared(tenants),
        provisioning: provisioning(options),
      });
      await tenancy.start();
      return tenancy;
    },
  };
}

/** The same registry without its own attachment, which it has to one tenancy only. */
function parted(registry: CentralRegistry): CentralRegistry {
  const { store, changes } = registry;
  return { name: "registry", store, changes, transaction: (work) => registry.transaction(work) };
}

/** The same databases without their own attachment, which they have to one tenancy only. */
function shared(databases: TenantDatabases): TenantDatabases {
  return {
    name: "databases",
    bootstrapper: databases.bootstrapper,
    place: (...args) => databases.place(...args),
    manager: (placement) => databases.manager(placement),
    migrate: (tenant) => databases.migrate(tenant),
    verify: (tenant) => databases.verify(tenant),
    migrations: databases.migrations,
  };
}
