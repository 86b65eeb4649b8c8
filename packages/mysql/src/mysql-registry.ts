import { type CentralRegistry, ConfigurationError, checkKnownOptions } from "@af-tenancy/core";
import { centralRegistry, checkCount, registryConnection, sqlRunner } from "@af-tenancy/database";
import { codeOf } from "./code-of.ts";
import type { MysqlConnectionSettings } from "./connection-options.ts";
import { checkFlavour, type MysqlFlavour, mysqlParts, wrongFlavour } from "./mysql-flavour.ts";
import { type MysqlServer, MysqlServers } from "./mysql-servers.ts";
import { MysqlSessionDriver } from "./mysql-session-driver.ts";
import { registryMigrations } from "./registry-migrations.ts";
import { serverError } from "./server-errors.ts";

/** Where the registry's tables are, and how its transactions wait for each other. */
export interface MysqlRegistryOptions {
  /** The server and, as `database`, the database, which must be there. */
  readonly connection: Omit<MysqlConnectionSettings, "replicas" | "charset" | "collation"> & {
    readonly database: string;
  };
  /** Which server it is, checked when a connection is opened; `mysql` when absent. */
  readonly flavour?: MysqlFlavour;
  /** Milliseconds that a transaction waits while none of those before it ends, in this process and in others; 4,000 when absent. */
  readonly maxWait?: number;
  /** How many connections read, beside the one that writes; 2 when absent. */
  readonly readers?: number;
}

/**
 * Keeps the central registry in a MySQL or MariaDB database, for any number of processes. Throws `ConfigurationError`.
 *
 * @example const registry = mysqlRegistry({ connection: { host: "db", user: "app", password, database: "central" } });
 */
export function mysqlRegistry(options: MysqlRegistryOptions): CentralRegistry {
  checkKnownOptions<MysqlRegistryOptions>("mysqlRegistry", options, {
    ...{ connection: true, flavour: true, maxWait: true, readers: true },
  });
  const { connection, flavour = "mysql", maxWait = 4_000, readers = 2 } = options;
  checkFlavour(flavour);
  checkCount("maxWait", maxWait);
  checkCount("readers", readers);
  const { orm, grammar, types } = mysqlParts(flavour);
  const server = new MysqlServers(connection, {}, types).of("default");
  const { database } = server.address;
  if (database === undefined) {
    throw new ConfigurationError("connection.database", "missing", "name the registry's database.");
  }
  return centralRegistry({
    orm,
    now: "cast(unix_timestamp(current_timestamp(3)) * 1000 as signed)",
    transactions: {
      enter: entering(flavour, Math.ceil(maxWait / 1_000)),
      isolation: undefined,
      endsWhenRefused: false,
      returning: false,
      bindsValues: false,
      waitedInVain: (error) => (codeOf(error) === "ER_LOCK_WAIT_TIMEOUT" ? maxWait : undefined),
    },
    tables: {
      migrations: registryMigrations(flavour),
      journal:
        "create table if not exists registry_migrations (id integer not null auto_increment primary key, name varchar(255) not null, executed_at datetime null) engine = InnoDB",
      lock: {
        sql: "select get_lock(concat('af-tenancy-registry-', sha1(database())), 60) as got",
        patience: 60_000,
      },
      isThere: (error) => alreadyThere.includes(codeOf(error) ?? ""),
    },
    connect: (clock) =>
      registryConnection({
        ...{ grammar, clock, maxWait, readers, name: database },
        open: () => open(server, database, flavour),
      }),
  });
}

/** Waits for the transactions of other processes; both servers count in seconds. */
function entering(flavour: MysqlFlavour, seconds: number): string {
  const locked = "from registry_lock where id = 1 for update";
  return flavour === "mariadb"
    ? `select id ${locked} wait ${seconds}`
    : `select /*+ SET_VAR(innodb_lock_wait_timeout = ${seconds}) */ id ${locked}`;
}

async function open(
  { client, address, own }: MysqlServer,
  database: string,
  flavour: MysqlFlavour,
): Promise<MysqlSessionDriver> {
  try {
    const options = { connection: client, limits: address };
    const driver = await MysqlSessionDriver.open(options, { ...own, database, key: database });
    const run = sqlRunner(await driver.acquireConnection());
    const [row] = await run<{ readonly version: string }>("select version() as version");
    const problem = wrongFlavour(flavour, "default", row?.version ?? "");
    if (problem === undefined) return driver;
    await driver.destroy();
    throw problem;
  } catch (error) {
    throw serverError(database, error);
  }
}

/** What a statement that was carried out before its process died is answered with. */
const alreadyThere: readonly string[] = [
  "ER_TABLE_EXISTS_ERROR",
  "ER_DUP_FIELDNAME",
  "ER_DUP_KEYNAME",
];
