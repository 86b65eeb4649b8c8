import {
  type CentralRegistry,
  createTenancy,
  type JsonValue,
  type MemoryDatabases,
  type MemoryMigration,
  manualClock,
  memoryDatabases,
  memoryRegistry,
  type TenantDatabase,
  type TenantDatabaseManager,
  type TenantRecord,
  type TenantResolver,
} from "@af-tenancy/core";
import { tenantRecord } from "@af-tenancy/testing";
import { provisioning } from "../../src/index.ts";

/** Counts in each database how often a migration was run and taken back. */
export function counting(name: string, more: (rows: Rows) => unknown = () => {}): MemoryMigration {
  return {
    name,
    async up(rows) {
      rows.set(name, Number(rows.get(name) ?? 0) + 1);
      await more(rows);
    },
    down: (rows) => void rows.set(`${name} back`, Number(rows.get(`${name} back`) ?? 0) + 1),
  };
}

/** The rows of a tenant. */
export type Rows = Map<string, JsonValue>;

/** Starts a fleet in memory, whose tenants have databases that nobody has migrated yet. */
export async function startFleet(
  migrations: readonly MemoryMigration[] = [counting("0001-notes"), counting("0002-tags")],
) {
  const clock = manualClock(1_000_000);
  const registry = memoryRegistry({ clock });
  const databases = memoryDatabases({ migrations });
  const start = async (parts: { registry?: CentralRegistry } = {}) => {
    const tenancy = createTenancy({
      clock,
      registry: parted(parts.registry ?? registry),
      databases: shared(databases),
      resolve: byPath,
      provisioning: provisioning({ leaseMs: 1_000 }),
    });
    await tenancy.start();
    return tenancy;
  };
  const tenancy = await start();

  async function add(slug: string, values: Partial<TenantRecord> = {}): Promise<TenantRecord> {
    const placement = databases.place(slug, 1);
    const tenant = tenantRecord({ id: slug, slug, placement, ...values });
    await databases.manager(placement).create({ tenantId: slug, placement });
    await registry.transaction(({ tenants }) => tenants.insert(tenant, []));
    return tenant;
  }

  return {
    ...{ clock, registry, databases, tenancy, add, start },
    fleet: tenancy.tenants.migrations,
    read: async (slug: string) => registry.store.find({ by: "slug", value: slug }),
    rows: (slug: string): Rows => {
      const placement = databases.place(slug, 1);
      const manager = databases.manager(placement) as MemoryManager;
      return manager.find({ tenantId: slug, placement })?.rows ?? new Map();
    },
    outbox: async () =>
      (await registry.transaction(({ outbox }) => outbox.readAfter(0, 100))).map(
        ({ type, tenantId }) => `${type} ${tenantId}`,
      ),
    /** Lets time pass until work that may sleep is over. */
    async settle<R>(work: Promise<R>): Promise<R> {
      let isOver = false;
      const over = work.finally(() => {
        isOver = true;
      });
      over.catch(() => undefined);
      while (!isOver) await clock.advance(100);
      return over;
    },
  };
}

const byPath: TenantResolver = {
  name: "path",
  resolve: ({ url }) => ({ kind: "tenant", candidates: [{ by: "slug", value: url.slice(1) }] }),
};

/** What the manager of memory databases can beside its contract. */
export type MemoryManager = TenantDatabaseManager & {
  find(database: TenantDatabase): { readonly rows: Rows } | undefined;
};

/** The same registry without its own attachment, which it has to one tenancy only. */
function parted(registry: CentralRegistry): CentralRegistry {
  const { store, changes } = registry;
  return { name: "registry", store, changes, transaction: (work) => registry.transaction(work) };
}

/** The same databases without their own attachment, which they have to one tenancy only. */
export function shared(databases: MemoryDatabases): MemoryDatabases {
  return new Proxy(databases, {
    get(target, key) {
      if (key === "attach") return undefined;
      const value = Reflect.get(target, key);
      return typeof value === "function" ? value.bind(target) : value;
    },
  });
}

/** Names tenants by slug. */
export function slugs(...values: string[]) {
  return values.map((value) => ({ by: "slug", value }));
}
