import {
  type DatabaseCapabilities,
  type DatabaseState,
  InvalidInputError,
  isTenancyError,
  type TenantDatabase,
  type TenantDatabaseManager,
} from "@af-tenancy/core";
import { DatabaseManager } from "./database-manager.ts";
import { Gate } from "./gate.ts";
import type { ManagerContext, StrategyManager } from "./manager-context.ts";
import { checkName, checkPlacement, driverName } from "./placement-names.ts";
import { SchemaManager } from "./schema-manager.ts";
import { typedServerError } from "./server-errors.ts";

/** Makes, drops and looks at the databases and schemas of tenants, on connections of its own. */
export class PostgresqlManager implements TenantDatabaseManager {
  readonly driver = driverName;
  readonly capabilities: DatabaseCapabilities;
  /** A database that is there belongs to its maker, and not to a user that would be the tenant's own. */
  readonly adopt?: (database: TenantDatabase) => Promise<void>;
  readonly #strategies: Readonly<Partial<Record<string, StrategyManager>>>;
  readonly #gate = new Gate(atOnce);

  constructor(context: ManagerContext) {
    this.capabilities = Object.freeze({
      strategies: Object.freeze(["database", "schema"] as const),
      transactionalDdl: true,
      users: true,
      templates: !context.users,
      rename: true,
    });
    this.#strategies = Object.freeze({
      database: new DatabaseManager(context),
      schema: new SchemaManager(context),
    });
    if (context.users) return;
    this.adopt = (database) => this.#manage(database, (strategy) => strategy.adopt(database));
  }

  create(database: TenantDatabase): Promise<void> {
    return this.#manage(database, (strategy) => strategy.create(database));
  }

  drop(database: TenantDatabase): Promise<void> {
    return this.#manage(database, (strategy) => strategy.drop(database));
  }

  inspect(database: TenantDatabase): Promise<DatabaseState | undefined> {
    return this.#manage(database, (strategy) => strategy.inspect(database));
  }

  /** Gives a tenant's database or schema another name; throws `DatabaseOwnedError` when there is one of that name. */
  async rename(database: TenantDatabase, name: string): Promise<void> {
    checkName("name", name);
    await this.#manage(database, (strategy) => strategy.rename(database, name));
  }

  async #manage<R>(
    { placement }: TenantDatabase,
    work: (strategy: StrategyManager) => Promise<R>,
  ): Promise<R> {
    checkPlacement(placement);
    const strategy = this.#strategies[placement.strategy];
    if (strategy === undefined) {
      throw new InvalidInputError(
        "placement.strategy",
        placement.strategy,
        'use "database" or "schema"',
      );
    }
    try {
      return await this.#gate.pass(() => work(strategy));
    } catch (error) {
      throw isTenancyError(error) ? error : typedServerError(placement.name, error);
    }
  }
}

/** Catalogs are locked while databases are made: more at once take as long, and hold connections meanwhile. */
const atOnce = 2;
