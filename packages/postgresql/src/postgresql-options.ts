import { ConfigurationError, type PlacementStrategy } from "@af-tenancy/core";
import {
  checkDriverOptions,
  checkUsersHaveTenants,
  type MikroOrmDatabasesOptions,
  type ReadFrom,
  serversRule,
  type TenantEntities,
  type TenantEntity,
} from "@af-tenancy/database";
import type { PostgresqlConnectionSettings } from "./connection-options.ts";
import { flawOf } from "./placement-names.ts";
import type { PostgresqlServerList } from "./postgresql-servers.ts";

/** Where tenants' databases live and what they hold. */
export interface PostgresqlOptions<E extends TenantEntities = TenantEntities>
  extends MikroOrmDatabasesOptions<E> {
  /** The server on which tenants are made unless their placement names another one. */
  readonly connection: PostgresqlConnectionSettings;
  /** Other servers by name, or how one is found by name; what they leave out is as in `connection`. */
  readonly servers?: PostgresqlServerList;
  /** How a new tenant is kept unless its placement says otherwise; `database` when absent. */
  readonly strategy?: PlacementStrategy;
  /** Gives each new tenant a database user with rights on its own data only; needs a key ring. Off when absent. */
  readonly users?: boolean;
  /** The application's central database, where it is on one of these servers too. */
  readonly central?: PostgresqlCentralOptions;
  /** The schema in which tenants with the strategy `row` share tables; `shared` when absent. */
  readonly sharedSchema?: string;
  /** The role as which they reach it, made when it is not there; the database's and the schema's name when absent. */
  readonly sharedRole?: string;
  /** How many connections to each server this process may have; 10 when absent. */
  readonly maxConnections?: number;
  /**
   * Where `db.readOnly()` reads from on servers with `replicas`: `any` is a replica, or the server while none can be
   * reached, `replicas` never the server, `primary` only the server. `any` when absent.
   */
  readonly readOnlyFrom?: Extract<ReadFrom, string>;
}

/** The application's central database, which must be there. */
export interface PostgresqlCentralOptions {
  readonly database: string;
  /** Name of its server; the one of `connection` when absent. */
  readonly server?: string;
  /** What it holds: entities of its own, none of the tenants'. */
  readonly entities: readonly TenantEntity[];
}

/** Throws `ConfigurationError` when an option of the driver cannot be meant; how servers are reached is checked elsewhere. */
export function checkPostgresqlOptions(options: PostgresqlOptions): void {
  checkDriverOptions("postgresql", options, {
    servers: serversRule,
    users: {
      fits: (value) => value === undefined || typeof value === "boolean",
      remedy: "give true or false.",
    },
    maxConnections: {
      fits: (count) => count === undefined || (Number.isInteger(count) && Number(count) > 0),
      remedy: "give a whole number above 0.",
    },
  });
  checkUsersHaveTenants(options);
  const { sharedSchema } = options;
  if (sharedSchema !== undefined) checkSharedName("sharedSchema", sharedSchema);
}

/** Throws `ConfigurationError` when neither a schema nor a role can be called so. */
export function checkSharedName(key: "sharedSchema" | "sharedRole", name: unknown): void {
  const flaw = flawOf(name);
  if (flaw === undefined) return;
  throw new ConfigurationError(key, JSON.stringify(name), `${flaw}.`);
}

/** Throws `ConfigurationError` when the strategy of new tenants is none. */
export function checkStrategy(strategy: PlacementStrategy, known: readonly string[]): void {
  if (known.includes(strategy)) return;
  throw new ConfigurationError("strategy", `"${strategy}"`, `use one of ${known.join(", ")}.`);
}
