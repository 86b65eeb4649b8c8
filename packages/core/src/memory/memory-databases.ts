import {
  lazyValue,
  type TenancyBootstrapper,
  type ValueKey,
  valueKey,
} from "../contracts/bootstrapper.ts";
import type { TenancyHost } from "../contracts/component.ts";
import type { TenantDatabases } from "../contracts/databases.ts";
import type { JsonValue, Placement, Tenant } from "../contracts/tenant.ts";
import { ConfigurationError } from "../errors/configuration-errors.ts";
import { DatabaseNotReadyError, UnknownDriverError } from "../errors/registry-errors.ts";
import { checkKnownOptions } from "../known-options.ts";
import { attachOnce } from "./attach-once.ts";
import { type MemoryDatabase, MemoryDatabaseManager } from "./memory-database-manager.ts";
import { type MemoryMigration, MemoryMigrations } from "./memory-migrations.ts";
import { type MemorySeeder, MemorySeeding } from "./memory-seeding.ts";

/** What a memory driver is called. */
export interface MemoryDatabasesOptions {
  /** `memory` when absent. */
  readonly driver?: string;
  /** What brings rows up to date, oldest first; rows are as they are when absent. */
  readonly migrations?: readonly MemoryMigration[];
  /** What puts rows into databases, by name and in the order in which they run; none when absent. */
  readonly seeders?: Readonly<Record<string, MemorySeeder>>;
}

/** Tenant databases in memory, and the rows of the current one. */
export interface MemoryDatabases extends TenantDatabases {
  /** Gives the rows of the current tenant; throws `NoTenantContextError`, `ContextEndedError` or `DatabaseOwnedError`. */
  get(): Map<string, JsonValue>;
}

/** The rows of the tenant in whose scope it is read. */
export const MEMORY_DATABASE: ValueKey<Map<string, JsonValue>> = valueKey(
  "@af-tenancy/core:memory-database",
);

/**
 * Makes tenant databases that live as long as the process: each is a map of rows behind an owner marker. Throws
 * `ConfigurationError`.
 *
 * @example
 * const databases = memoryDatabases();
 * const tenancy = createTenancy({ registry: memoryRegistry(), databases });
 * await tenancy.run(acme, () => databases.get().set("note-1", "Hello"));
 */
export function memoryDatabases(options: MemoryDatabasesOptions = {}): MemoryDatabases {
  checkKnownOptions<MemoryDatabasesOptions>("memoryDatabases", options, {
    ...{ driver: true, migrations: true, seeders: true },
  });
  const { driver = "memory", migrations, seeders } = options;
  if (typeof driver !== "string" || driver === "") {
    throw new ConfigurationError("memoryDatabases.driver", String(driver), "give it a name.");
  }
  if (migrations !== undefined) checkMigrations(migrations);
  if (seeders !== undefined) checkSeeders(seeders);
  return new MemoryTenantDatabases(driver, migrations, seeders);
}

function checkSeeders(seeders: unknown): void {
  const remedy = "give an object of functions, such as { plans: (rows) => { ... } }.";
  const values = typeof seeders === "object" && seeders !== null ? Object.values(seeders) : [0];
  if (values.every((seeder) => typeof seeder === "function")) return;
  throw new ConfigurationError("memoryDatabases.seeders", `of type ${typeof seeders}`, remedy);
}

function checkMigrations(migrations: unknown): void {
  const list: unknown[] = Array.isArray(migrations) ? migrations : [undefined];
  const names = new Set<unknown>();
  for (const migration of list) {
    const { name, up } = Object(migration) as Partial<MemoryMigration>;
    const isFine = typeof name === "string" && name !== "" && typeof up === "function";
    if (!isFine || names.has(name)) {
      const remedy = "give an array of { name, up }, each name once.";
      throw new ConfigurationError("memoryDatabases.migrations", `with ${String(name)}`, remedy);
    }
    names.add(name);
  }
}

class MemoryTenantDatabases implements MemoryDatabases {
  readonly name = "memory-databases";
  readonly attach: (host: TenancyHost) => void;
  readonly bootstrapper: TenancyBootstrapper = {
    name: "memory-databases",
    values: [lazyValue(MEMORY_DATABASE, (_get, { tenant }) => this.#open(tenant).rows)],
  };
  readonly migrations: MemoryMigrations | undefined;
  readonly seeding: MemorySeeding | undefined;
  readonly #manager: MemoryDatabaseManager;
  readonly #host: () => TenancyHost;

  constructor(
    driver: string,
    migrations: readonly MemoryMigration[] | undefined,
    seeders: MemoryDatabasesOptions["seeders"],
  ) {
    const { attach, host, clock } = attachOnce("databases");
    this.attach = attach;
    this.#host = host;
    this.#manager = new MemoryDatabaseManager(driver);
    const open = (tenant: Tenant) => this.#open(tenant);
    this.seeding = seeders && new MemorySeeding({ ...seeders }, host, open);
    this.migrations = migrations && new MemoryMigrations([...migrations], clock, open);
  }

  get(): Map<string, JsonValue> {
    return this.#host().get(MEMORY_DATABASE);
  }

  place(tenantId: string, generation: number, wish: Partial<Placement> = {}): Placement {
    const placement: Placement = {
      driver: this.#manager.driver,
      strategy: "database",
      server: "default",
      name: `t_${tenantId.replaceAll("-", "")}_g${generation}`,
      secret: undefined,
      ...wish,
      generation,
    };
    this.#manager.check(placement);
    return Object.freeze(placement);
  }

  manager({ driver }: Placement): MemoryDatabaseManager {
    if (driver !== this.#manager.driver) throw new UnknownDriverError(driver);
    return this.#manager;
  }

  async migrate(tenant: Tenant): Promise<void> {
    const database = this.#open(tenant);
    await this.migrations?.run(tenant);
    database.migrated = true;
  }

  async verify(tenant: Tenant): Promise<void> {
    const { migrated, rows } = this.#open(tenant);
    if (!migrated) throw new DatabaseNotReadyError(tenant.id, "its schema was never migrated");
    new Map(rows).set("canary", tenant.id); // a write that nobody ever sees
  }

  #open({ id, placement }: Tenant): MemoryDatabase {
    if (placement === undefined) throw new DatabaseNotReadyError(id, "it has no placement");
    const database = this.manager(placement).find({ tenantId: id, placement });
    if (database === undefined) {
      throw new DatabaseNotReadyError(id, `there is no database "${placement.name}"`);
    }
    return database;
  }
}
