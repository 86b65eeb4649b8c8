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

/** A driver in which all tenants share one shelf and each has a compartment of it, as a schema would be. */
export class ShelfDatabases implements TenantDatabases {
  readonly name = "shelf-databases";
  readonly bootstrapper: TenancyBootstrapper = {
    name: "shelf-databases",
    bootstrap: (scope) => scope.provide(NOTEBOOK, () => this.#compartment(scope.tenant)),
  };
  readonly #shelf: Shelf = { owners: new Map(), migrated: new Set(), notes: new Map() };
  readonly #manager = new ShelfManager(this.#shelf);

  place(tenantId: string, generation: number, wish: Partial<Placement> = {}): Placement {
    if (wish.strategy !== undefined && wish.strategy !== "schema") {
      throw new InvalidInputError("placement.strategy", wish.strategy, "a shelf knows schema only");
    }
    const name = wish.name ?? `t_${tenantId.replaceAll("-", "")}_g${generation}`;
    return {
      driver: "shelf",
      strategy: "schema",
      server: wish.server ?? "default",
      name,
      generation,
      secret: `user-of-${name}`,
    };
  }

  manager({ driver }: Placement): TenantDatabaseManager {
    if (driver !== this.#manager.driver) throw new UnknownDriverError(driver);
    return this.#manager;
  }

  /** Makes a compartment that nobody owns. */
  makeUnmarked(name: string): void {
    this.#shelf.owners.set(name, undefined);
  }

  dropUnmarked(name: string): void {
    this.#shelf.owners.delete(name);
  }

  async migrate(tenant: Tenant): Promise<void> {
    this.#compartment(tenant);
    this.#shelf.migrated.add(tenant.id);
  }

  async verify(tenant: Tenant): Promise<void> {
    this.#compartment(tenant);
    if (!this.#shelf.migrated.has(tenant.id)) throw new DatabaseNotReadyError(tenant.id, "empty");
  }

  /** A view that prefixes every key, so that no caller can reach another compartment. */
  #compartment({ id, placement }: Tenant): Notebook {
    const owned = placement && ownedBy(this.#shelf, { tenantId: id, placement });
    if (!owned || placement === undefined) throw new DatabaseNotReadyError(id, "no compartment");
    const { notes } = this.#shelf;
    const prefix = `${placement.name}.`;
    return {
      write: async (key, text) => void notes.set(prefix + key, text),
      read: async (key) => notes.get(prefix + key),
      all: async () => Object.fromEntries(under(notes, prefix)),
    };
  }
}

class ShelfManager implements TenantDatabaseManager {
  readonly driver = "shelf";
  readonly capabilities: DatabaseCapabilities = {
    strategies: ["schema"],
    transactionalDdl: false,
    users: true,
    templates: false,
    rename: false,
  };
  readonly #shelf: Shelf;

  constructor(shelf: Shelf) {
    this.#shelf = shelf;
  }

  async create(database: TenantDatabase): Promise<void> {
    if (ownedBy(this.#shelf, database)) return;
    const { tenantId, placement } = database;
    this.#shelf.owners.set(placement.name, { tenantId, generation: placement.generation });
  }

  async drop(database: TenantDatabase): Promise<void> {
    if (!ownedBy(this.#shelf, database)) return;
    const { notes, owners } = this.#shelf;
    const { name } = database.placement;
    for (const [key] of under(notes, `${name}.`)) notes.delete(`${name}.${key}`);
    owners.delete(name);
  }

  async inspect({ placement }: TenantDatabase): Promise<DatabaseState | undefined> {
    const { notes, owners } = this.#shelf;
    if (!owners.has(placement.name)) return undefined;
    const texts = under(notes, `${placement.name}.`).map(([, text]) => text);
    return { owner: owners.get(placement.name), bytes: texts.join("").length };
  }
}

interface Shelf {
  /** Name of a compartment to its marker; `undefined` where somebody else made it. */
  readonly owners: Map<string, DatabaseOwner | undefined>;
  readonly migrated: Set<string>;
  readonly notes: Map<string, string>;
}

function ownedBy({ owners }: Shelf, { tenantId, placement }: TenantDatabase): boolean {
  if (!/^\w{1,80}$/.test(placement.name)) {
    throw new InvalidInputError(
      "placement.name",
      placement.name,
      "a compartment has another label",
    );
  }
  if (!owners.has(placement.name)) return false;
  const owner = owners.get(placement.name);
  if (owner?.tenantId === tenantId && owner.generation === placement.generation) return true;
  throw new DatabaseOwnedError(placement.name, owner?.tenantId ?? "nobody known");
}

function under(notes: ReadonlyMap<string, string>, prefix: string): readonly [string, string][] {
  const entries = [...notes].filter(([key]) => key.startsWith(prefix));
  return entries.map(([key, text]) => [key.slice(prefix.length), text]);
}
