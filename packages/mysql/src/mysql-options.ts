import {
  checkCount,
  checkDriverOptions,
  checkUsersHaveTenants,
  type MikroOrmDatabasesOptions,
  type ReadFrom,
  serversRule,
  type TenantEntities,
  type TenantEntity,
} from "@af-tenancy/database";
import type { MysqlConnectionSettings } from "./connection-options.ts";
import type { EncodingSettings } from "./database-encoding.ts";
import { checkFlavour, type MysqlFlavour } from "./mysql-flavour.ts";
import type { ServerSettings } from "./mysql-servers.ts";
import type { TenantUserOptions } from "./tenant-user.ts";

/** Where tenants' databases live, as whom they are reached, and what they hold. */
export interface MysqlOptions<E extends TenantEntities = TenantEntities>
  extends MikroOrmDatabasesOptions<E> {
  /** The server `default`, and what the others share with it. */
  readonly connection: MysqlConnectionSettings;
  /** Further servers by the id that placements carry: whole settings or what differs from `connection`. */
  readonly servers?: ServerSettings;
  /** Which server it is, checked when the first connection is opened; `mysql` when absent. */
  readonly flavour?: MysqlFlavour;
  /**
   * Name of the database of each server in which tenants with the strategy `row` share tables; that of `connection` with
   * `_shared` behind it when absent, or `tenants_shared`.
   */
  readonly sharedDatabase?: string;
  /** The application's central database, where it is on one of these servers too. */
  readonly central?: MysqlCentralOptions;
  /** How many connections to each server a process may have; 20 when absent. */
  readonly maxConnections?: number;
  /**
   * Where `db.readOnly()` reads from on servers with `replicas`: `any` is a replica, or the server while none can be
   * reached, `replicas` never the server, `primary` only the server. `any` when absent.
   */
  readonly readOnlyFrom?: Extract<ReadFrom, string>;
  /** `true` or options: each tenant gets a user of its own, so that the server itself keeps tenants apart. */
  readonly users?: boolean | TenantUserOptions;
  /** Character set and collation of one tenant's new database, where it differs from its server's settings. */
  readonly encoding?: (tenantId: string) => EncodingSettings | undefined;
}

/** The application's central database, which must be there. */
export interface MysqlCentralOptions {
  readonly database: string;
  /** Id of its server; `default` when absent. */
  readonly server?: string;
  /** What it holds: entities of its own, none of the tenants'. */
  readonly entities: readonly TenantEntity[];
}

/** Throws `ConfigurationError` when an option of the driver cannot be meant. */
export function checkMysqlOptions(options: MysqlOptions): void {
  checkDriverOptions("mysql", options, {
    servers: serversRule,
    encoding: {
      fits: (value) => value === undefined || typeof value === "function",
      remedy: "give a function from a tenant's id to { charset, collation }.",
    },
  });
  const { flavour = "mysql", maxConnections = 1 } = options;
  checkFlavour(flavour);
  checkUsersHaveTenants(options);
  checkCount("maxConnections", maxConnections);
}
