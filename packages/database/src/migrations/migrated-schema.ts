import { createHash } from "node:crypto";
import { type Clock, ConfigurationError, type TenantDatabase } from "@af-tenancy/core";
import type { ConnectionLease } from "../connection/connection-lease.ts";
import { SchemaOutdatedError } from "../errors.ts";
import type { SharedOrm } from "../tenants/shared-orm.ts";
import type { TenantDriver } from "../tenants/tenant-driver.ts";
import type { TenantTables } from "../tenants/tenant-tables.ts";
import { onceUnlocked } from "./driver-migrations.ts";
import { type MigrationDialect, trackingTable } from "./migration-dialect.ts";
import { MigrationRunner } from "./migration-runner.ts";
import type { MakeManager } from "./migration-session.ts";
import { MigrationSet } from "./migration-set.ts";
import { foldersOf, loadMigrations, type MigrationSource } from "./migration-source.ts";
import { trackSql } from "./tracking.ts";

/** The tables of tenants as migrations make them. */
export class MigratedSchema implements TenantTables {
  /** SQL for the tables of a connection's database. */
  readonly listTables: string;
  readonly #source: MigrationSource;
  readonly #dialect: MigrationDialect;
  readonly #makeManager: MakeManager;
  readonly #clock: () => Clock;
  readonly #isShared: boolean;
  #set = new MigrationSet([]);
  #loading: Promise<MigrationSet> | undefined;

  constructor(
    source: MigrationSource,
    dialect: MigrationDialect,
    parts: {
      readonly listTables: string;
      readonly makeManager: MakeManager;
      readonly clock: () => Clock;
      /** Some tenants share tables. */
      readonly isShared: boolean;
    },
  ) {
    this.#source = source;
    this.#dialect = dialect;
    this.listTables = parts.listTables;
    this.#makeManager = parts.makeManager;
    this.#clock = parts.clock;
    this.#isShared = parts.isShared;
  }

  /** Known once they are loaded; before that there are none. */
  get set(): MigrationSet {
    return this.#set;
  }

  /** Absolute paths of the folders that they are loaded from. */
  get folders(): readonly string[] {
    return foldersOf(this.#source);
  }

  /** Loads the migrations; throws `ConfigurationError`. */
  async load(): Promise<MigrationSet> {
    this.#loading ??= loadMigrations(this.#source).then((list) => new MigrationSet(list));
    this.#set = await this.#loading;
    const [own] = this.#set.ownTables;
    if (own === undefined || !this.#isShared) return this.#set;
    const remedy = 'leave its migration out, or "row" out of the option strategies.';
    throw new ConfigurationError(
      "migrations",
      `the table "${own}" without a tenant column`,
      remedy,
    );
  }

  runner(lease: ConnectionLease, database: TenantDatabase): MigrationRunner {
    const { set } = this;
    const dialect = this.#dialect;
    const parts = { set, dialect, lease, database, makeManager: this.#makeManager };
    return new MigrationRunner(parts, dialect, this.#clock());
  }

  /** Runs what the database lacks, waiting for whoever runs it already. */
  async create(lease: ConnectionLease, database: TenantDatabase): Promise<void> {
    await this.load();
    await onceUnlocked(this.#clock(), async () => {
      const runner = this.runner(lease, database);
      const { pending, dirty } = await runner.status(this.listTables);
      if (pending.length > 0 || dirty !== undefined) await runner.run({});
    });
  }

  async check(lease: ConnectionLease, database: TenantDatabase): Promise<void> {
    await this.load();
    const { pending, dirty } = await this.runner(lease, database).status(this.listTables);
    const missing = dirty === undefined ? pending : [dirty];
    if (missing.length > 0) throw new SchemaOutdatedError(database.placement.name, missing);
  }

  /** What a database holds that has had all of them; nothing where some are more than SQL. */
  async statements(): Promise<readonly string[]> {
    const set = await this.load();
    const statements: string[] = [];
    for (const name of set.names) {
      const sql = await set.sqlOf(name, "up");
      if (sql === undefined || !set.isTransactional(name)) return [];
      statements.push(...sql);
    }
    const tracked = set.names.map((name) => trackSql(name, "up"));
    return [this.#dialect.table, ...statements, ...tracked];
  }

  async fingerprint(): Promise<string> {
    const contents = JSON.stringify([trackingTable, await this.statements()]);
    return createHash("sha256").update(contents).digest("hex").slice(0, 32);
  }
}

/**
 * Makes the schema that an application's migrations make; `undefined` where it has none. Throws `ConfigurationError`
 * where the driver takes none.
 */
export function migratedSchema(
  driver: Pick<TenantDriver, "migrations" | "manager">,
  orm: Pick<SharedOrm, "migrating" | "schema" | "rows">,
  source: MigrationSource | undefined,
  clock: () => Clock,
): MigratedSchema | undefined {
  if (source === undefined) return undefined;
  if (driver.migrations === undefined) {
    const remedy = `leave it out: ${driver.manager.driver} takes no migrations.`;
    throw new ConfigurationError("migrations", "not known", remedy);
  }
  const { listTables } = orm.schema;
  const makeManager: MakeManager = (given) => orm.migrating(given);
  const isShared = orm.rows !== undefined;
  return new MigratedSchema(source, driver.migrations, {
    listTables,
    makeManager,
    clock,
    isShared,
  });
}
