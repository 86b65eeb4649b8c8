import {
  type DatabaseCapabilities,
  DatabaseNotReadyError,
  DatabaseOwnedError,
  type DatabaseOwner,
  type DatabaseState,
  InvalidInputError,
  type Placement,
  type TenancyBootstrapper,
  type Tenant,
  type TenantDatabase,
  type TenantDatabaseManager,
  type TenantDatabases,
  UnknownDriverError,
} from "@af-tenancy/core";
import { NOTEBOOK, type Notebook } from "./notebook.ts";

/** A driver that gives each tenant a drawer of its own, as a file or a database would be. */
export class CabinetDatabases implements TenantDatabases, TenantDatabaseManager {
  readonly name = "cabinet-databases";
  readonly driver = "cabinet";
  readonly capabilities: DatabaseCapabilities = {
    strategies: ["database"],
    transactionalDdl: true,
    users: false,
    templates: true,
    rename: true,
  };
  readonly bootstrapper: TenancyBootstrapper = {
    name: "cabinet-databases",
    bootstrap: (scope) => scope.provide(NOTEBOOK, () => notebook(this.#open(scope.tenant))),
  };
  readonly #drawers = new Map<string, Drawer>();

  place(tenantId: string, generation: number, wish: Partial<Placement> = {}): Placement {
    const name = `t_${tenantId.replaceAll("-", "")}_g${generation}`;
    return {
      driver: "cabinet",
      strategy: "database",
      server: "default",
      name,
      secret: undefined,
      ...wish,
      generation,
    };
  }

  manager({ driver }: Placement): TenantDatabaseManager {
    if (driver !== this.driver) throw new UnknownDriverError(driver);
    return this;
  }

  async create(database: TenantDatabase): Promise<void> {
    if (this.#find(database) !== undefined) return;
    const { tenantId, placement } = database;
    const owner = { tenantId, generation: placement.generation };
    this.#drawers.set(placement.name, { owner, notes: new Map(), sheets: 0 });
  }

  async drop(database: TenantDatabase): Promise<void> {
    if (this.#find(database) !== undefined) this.#drawers.delete(database.placement.name);
  }

  async rename(database: TenantDatabase, name: string): Promise<void> {
    const drawer = this.#find(database);
    if (drawer === undefined) return;
    const taken = this.#drawers.get(name);
    if (taken !== undefined) throw new DatabaseOwnedError(name, taken.owner.tenantId);
    this.#drawers.delete(database.placement.name);
    this.#drawers.set(name, drawer);
  }

  async inspect({ placement }: TenantDatabase): Promise<DatabaseState | undefined> {
    const drawer = this.#drawers.get(placement.name);
    return drawer && { owner: drawer.owner, bytes: [...drawer.notes.values()].join("").length };
  }

  async migrate(tenant: Tenant): Promise<void> {
    this.#open(tenant).sheets = 1;
  }

  async verify(tenant: Tenant): Promise<void> {
    if (this.#open(tenant).sheets !== 1) throw new DatabaseNotReadyError(tenant.id, "no sheets");
  }

  #find({ tenantId, placement }: TenantDatabase): Drawer | undefined {
    if (!/^\w{1,80}$/.test(placement.name)) {
      throw new InvalidInputError("placement.name", placement.name, "a drawer has another label");
    }
    const drawer = this.#drawers.get(placement.name);
    if (drawer === undefined) return undefined;
    const { owner } = drawer;
    if (owner.tenantId === tenantId && owner.generation === placement.generation) return drawer;
    throw new DatabaseOwnedError(placement.name, owner.tenantId);
  }

  #open({ id, placement }: Tenant): Drawer {
    const drawer = placement && this.#find({ tenantId: id, placement });
    if (drawer === undefined) throw new DatabaseNotReadyError(id, "there is no drawer");
    return drawer;
  }
}

interface Drawer {
  readonly owner: DatabaseOwner;
  readonly notes: Map<string, string>;
  sheets: number;
}

function notebook({ notes }: Drawer): Notebook {
  return {
    write: async (key, text) => void notes.set(key, text),
    read: async (key) => notes.get(key),
    all: async () => Object.fromEntries(notes),
  };
}
