import {
  KeysRequiredError,
  type Placement,
  type TenancyHost,
  type TenantDatabase,
} from "@af-tenancy/core";
import {
  type Credentials,
  checkReadOnlyFrom,
  credentialsPurpose,
  type EntitiesOf,
  type MikroOrmDatabases,
  mikroOrmDatabases,
  openCredentials,
  ReadOnlyDriver,
  sealCredentials,
  type TenantDriver,
  type TenantEntities,
} from "@af-tenancy/database";
import { controlsTransactions } from "./controls-transactions.ts";
import { copyDialect } from "./copy-dialect.ts";
import { databaseEncoding } from "./database-encoding.ts";
import { examineServers } from "./doctor/mysql-doctor.ts";
import { driverName } from "./driver-name.ts";
import { makeTables } from "./make-tables.ts";
import { migrationDialect } from "./migration-dialect.ts";
import { mysqlCentral } from "./mysql-central.ts";
import { MysqlConnections } from "./mysql-connections.ts";
import { mysqlParts } from "./mysql-flavour.ts";
import { MysqlManager } from "./mysql-manager.ts";
import { checkMysqlOptions, type MysqlOptions } from "./mysql-options.ts";
import { MysqlServers } from "./mysql-servers.ts";
import { checkTenant, nameFor, sharedNameFor } from "./placement-names.ts";
import { readOwner } from "./read-owner.ts";
import { seederDialect } from "./seeder-dialect.ts";
import { isMissing, isRefusedWrite } from "./server-errors.ts";
import { SharedTables } from "./shared-tables.ts";
import { checkCredentials, newCredentials, tenantUsers } from "./tenant-user.ts";

/**
 * Keeps each tenant's data in a database of its own on a MySQL or MariaDB server. Throws `ConfigurationError`.
 *
 * @example
 * const db = mysql({ connection: { host: "db", user: "app", password }, flavour: "mariadb", entities: [Note] });
 * const tenancy = createTenancy({ registry, databases: db });
 * await tenancy.run({ by: "slug", value: "acme" }, () => db.em().find(Note, {}));
 */
export function mysql<E extends TenantEntities>(
  options: MysqlOptions<E>,
): MikroOrmDatabases<EntitiesOf<E>> {
  checkMysqlOptions(options);
  const { connection, servers, flavour, central, maxConnections, users, encoding, ...others } =
    options;
  const { sharedDatabase, readOnlyFrom, ...common } = others;
  return mikroOrmDatabases(tenantDriver(options), common);
}

function tenantDriver({
  connection,
  servers: settings = {},
  flavour = "mysql",
  maxConnections = 20,
  users: wished = false,
  encoding = () => undefined,
  central,
  readOnlyFrom,
  strategies = ["database"],
  sharedDatabase: sharedName,
}: MysqlOptions): TenantDriver {
  const { orm, grammar, types } = mysqlParts(flavour);
  const servers = new MysqlServers(connection, settings, types);
  const own = servers.of("default").address.database;
  const sharedDatabase = sharedName === undefined ? sharedNameFor(own) : sharedName;
  const shared = new SharedTables(servers, sharedDatabase, central?.database);
  const users = wished === false ? undefined : tenantUsers(wished === true ? {} : wished);
  let host: TenancyHost | undefined;

  function keys() {
    if (host === undefined) throw new KeysRequiredError(credentialsPurpose);
    return host.keys(credentialsPurpose);
  }

  function credentials({ tenantId, placement }: TenantDatabase): Credentials | undefined {
    if (placement.secret === undefined) return undefined;
    const own = openCredentials(keys(), tenantId, placement.secret);
    checkCredentials(own);
    return own;
  }

  const rows = strategies.includes("row");
  const taken = rows ? sharedDatabase : undefined;
  const manager = new MysqlManager({
    ...{ servers, flavour, users, credentials, shared: taken },
    encoding: databaseEncoding(encoding),
  });
  return {
    ...{ manager, orm, grammar },
    copying: copyDialect,
    migrations: migrationDialect(flavour === "mariadb"),
    seeders: seederDialect,
    rowValues: { zeroMakesKey: true },
    connections: new MysqlConnections({
      ...{ servers, flavour, maxConnections, credentials, shared, rows },
    }),
    ...{ sharedDatabase: shared, makeTables, isMissing },
    readOnly: (opened, refuse) =>
      new ReadOnlyDriver(opened, refuse, { controlsTransactions, isRefusedWrite }),
    readOnlyFrom: checkReadOnlyFrom(readOnlyFrom, servers.mayHaveReplicas),
    ...(central !== undefined && { central: mysqlCentral(servers, central) }),
    attach: (given) => {
      host = given;
      if (users !== undefined) keys();
    },
    place(tenantId, generation, wish) {
      const placement: Placement = {
        ...{ driver: driverName, strategy: strategies[0] ?? "database", server: "default" },
        ...{ name: nameFor(tenantId, generation), secret: undefined },
        ...wish,
        generation,
      };
      checkTenant(tenantId, generation);
      if (placement.strategy === "row") {
        shared.check(placement);
        return Object.freeze(placement);
      }
      const database = { tenantId, placement };
      const server = manager.check(database);
      if (users === undefined || credentials(database) !== undefined)
        return Object.freeze(placement);
      const own = newCredentials(server.id, placement.name);
      return Object.freeze({ ...placement, secret: sealCredentials(keys(), tenantId, own) });
    },
    readOwner: (run, database) =>
      database.placement.strategy === "row"
        ? shared.readOwner(run, database)
        : readOwner(run, database),
    doctor: (examination) =>
      examineServers(
        {
          ...{ servers, credentials, grants: users?.grants },
          ...{ connections: maxConnections, shared: taken },
          inspect: (database) => manager.examine(database),
        },
        examination,
      ),
  };
}
