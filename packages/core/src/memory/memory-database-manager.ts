import type {
  DatabaseCapabilities,
  DatabaseOwner,
  DatabaseState,
  TenantDatabase,
  TenantDatabaseManager,
} from "../contracts/databases.ts";
import type { JsonValue, Placement } from "../contracts/tenant.ts";
import type { AppliedMigration } from "../contracts/tenant-migrations.ts";
import {
  DatabaseNotReadyError,
  DatabaseOwnedError,
  InvalidInputError,
  UnknownDriverError,
} from "../errors/registry-errors.ts";

/** One physical database in memory. */
export interface MemoryDatabase {
  readonly owner: DatabaseOwner;
  readonly rows: Map<string, JsonValue>;
  migrated: boolean;
  /** The migrations that it has had, oldest first. */
  applied: AppliedMigration[];
  /** The seeders that it has had, when, and how many rows they added. */
  readonly seeded: Map<string, { readonly at: number; readonly rows: number }>;
  /** Somebody runs migrations or seeders of it. */
  locked: boolean;
}

/** Makes, drops and looks at the databases that live in one map. */
export class MemoryDatabaseManager implements TenantDatabaseManager {
  readonly driver: string;
  readonly capabilities: DatabaseCapabilities = Object.freeze({
    strategies: Object.freeze(["database"] as const),
    transactionalDdl: true,
    users: false,
    templates: false,
    rename: false,
  });
  readonly #databases = new Map<string, MemoryDatabase>();

  constructor(driver: string) {
    this.driver = driver;
  }

  async create(database: TenantDatabase): Promise<void> {
    if (this.find(database) !== undefined) return;
    const { tenantId, placement } = database;
    this.#databases.set(placement.name, {
      owner: Object.freeze({ tenantId, generation: placement.generation }),
      rows: new Map(),
      migrated: false,
      applied: [],
      seeded: new Map(),
      locked: false,
    });
  }

  async createFrom(database: TenantDatabase, source: TenantDatabase): Promise<void> {
    const found = this.find(source);
    if (found === undefined) {
      throw new DatabaseNotReadyError(source.tenantId, `there is no "${source.placement.name}"`);
    }
    if (this.find(database) !== undefined) return;
    await this.create(database);
    const { rows, migrated, applied, seeded } = found;
    Object.assign(this.find(database) ?? {}, {
      ...{ rows: new Map(structuredClone([...rows])), migrated, applied: [...applied] },
      seeded: new Map(seeded),
    });
  }

  async drop(database: TenantDatabase): Promise<void> {
    if (this.find(database) !== undefined) this.#databases.delete(database.placement.name);
  }

  async inspect({ placement }: TenantDatabase): Promise<DatabaseState | undefined> {
    this.check(placement);
    const found = this.#databases.get(placement.name);
    if (found === undefined) return undefined;
    return { owner: found.owner, bytes: Buffer.byteLength(JSON.stringify([...found.rows])) };
  }

  /** Gives the database if it bears the owner's marker; throws `DatabaseOwnedError` when it bears another one. */
  find({ tenantId, placement }: TenantDatabase): MemoryDatabase | undefined {
    this.check(placement);
    const found = this.#databases.get(placement.name);
    if (found === undefined) return undefined;
    const { owner } = found;
    if (owner.tenantId !== tenantId || owner.generation !== placement.generation) {
      const marker = `tenant "${owner.tenantId}", generation ${owner.generation}`;
      throw new DatabaseOwnedError(placement.name, marker);
    }
    return found;
  }

  /** Throws when a placement cannot be one of this manager's. */
  check({ driver, name, server, strategy }: Placement): void {
    if (driver !== this.driver) throw new UnknownDriverError(driver);
    if (!this.capabilities.strategies.includes(strategy)) {
      throw new InvalidInputError(
        "placement.strategy",
        strategy,
        `the driver "${this.driver}" knows ${this.capabilities.strategies.join(", ")}`,
      );
    }
    if (server !== "default") {
      throw new InvalidInputError(
        "placement.server",
        server,
        'there is only the server "default" in memory',
      );
    }
    if (!physicalName.test(name)) {
      throw new InvalidInputError(
        "placement.name",
        name,
        "use 1 to 80 letters, digits and underscores",
      );
    }
  }
}

/** Long enough for every id with its generation. */
const physicalName = /^[A-Za-z0-9_]{1,80}$/;
