import { ConfigurationError, type PlacementStrategy } from "@af-tenancy/core";
import { checkCount } from "../connection/check-count.ts";
import { checkMigrationSource, type MigrationSource } from "../migrations/migration-source.ts";
import type { RowOptions } from "../row/row-options.ts";
import type { SeedersOption } from "../seeding/seeding-of.ts";
import type { EntitiesOf, TenantEntities } from "./tenant-entities.ts";

/** What an application says about its tenant databases, whatever the driver. */
export interface MikroOrmDatabasesOptions<E extends TenantEntities = TenantEntities>
  extends RowOptions {
  /** The entities that every tenant's database holds: a list, or what makes them for a driver. */
  readonly entities: E;
  /** How many tenants are remembered while nobody uses them, so that their owner is not checked anew; 5,000 when absent. */
  readonly maxHandles?: number;
  /** Milliseconds that a query waits for its tenant's connection; 10,000 when absent. */
  readonly maxWait?: number;
  /**
   * Milliseconds after which a lease of a connection counts as forgotten and its connection is closed; 600,000 when
   * absent. Background work may take longer.
   */
  readonly checkoutDeadline?: number;
  /**
   * How tenants of this fleet may be kept apart; the first one is what new tenants get. Whatever the driver knows except
   * `row` when absent: with `row` among them every table carries the tenant column, in every tenant's database.
   */
  readonly strategies?: readonly PlacementStrategy[];
  /**
   * What makes the tables: a folder of MikroORM's migrations for this driver, or a list of them and of such folders; the
   * entities alone when absent.
   */
  readonly migrations?: MigrationSource;
  /**
   * What puts rows into tenants' databases, by name and in the order in which they run: functions, and what `rowSeeder`
   * makes; or what makes them of the entities.
   */
  readonly seeders?: SeedersOption<EntitiesOf<E>>;
}

/** The options with nothing left open. */
export interface CompleteOptions<E extends TenantEntities = TenantEntities> {
  readonly entities: E;
  readonly maxHandles: number;
  readonly maxWait: number;
  readonly checkoutDeadline: number;
  readonly strategies: readonly PlacementStrategy[] | undefined;
  readonly migrations: MigrationSource | undefined;
  readonly seeders: SeedersOption<never> | undefined;
  /** `undefined` where no tenant shares tables with another. */
  readonly rows: RowOptions | undefined;
}

/** Checks the options and fills in what is absent; throws `ConfigurationError`. */
export function withDefaults<E extends TenantEntities>({
  entities,
  maxHandles = 5_000,
  maxWait = 10_000,
  checkoutDeadline = 600_000,
  strategies,
  migrations,
  seeders,
  ...rows
}: MikroOrmDatabasesOptions<E>): CompleteOptions<E> {
  checkKnown(rows);
  checkCount("maxHandles", maxHandles);
  checkCount("maxWait", maxWait);
  checkCount("checkoutDeadline", checkoutDeadline);
  checkMigrationSource(migrations);
  const limits = { maxHandles, maxWait, checkoutDeadline };
  const common = { entities, ...limits, strategies, migrations, seeders };
  checkStrategies(strategies);
  if (strategies?.includes("row")) return { ...common, rows };
  if (rows.tenantColumn !== undefined || rows.global !== undefined) {
    const remedy = 'put "row" into "strategies", or leave it out.';
    throw new ConfigurationError("tenantColumn and global", "without meaning here", remedy);
  }
  return { ...common, rows: undefined };
}

/** Throws `ConfigurationError` unless there are strategies in the list, each once, or there is none. */
export function checkStrategies(strategies: unknown): void {
  if (strategies === undefined) return;
  if (!Array.isArray(strategies) || strategies.length === 0) {
    throw new ConfigurationError("strategies", "empty or no list", "list at least one strategy.");
  }
  const again = strategies.find((strategy, index) => strategies.indexOf(strategy) < index);
  if (again === undefined) return;
  throw new ConfigurationError("strategies", `"${again}" twice`, "list each strategy once.");
}

/** What is left besides these two was taken out neither by a driver nor here, so nobody would read it. */
function checkKnown(left: object): void {
  const unknown = Object.keys(left).find((key) => key !== "tenantColumn" && key !== "global");
  if (unknown === undefined) return;
  const remedy = "no driver's option has this name: mend its spelling, or remove it.";
  throw new ConfigurationError(unknown, "not known", remedy);
}
