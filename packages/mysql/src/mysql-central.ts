import { type CentralTarget, centralDatabase, checkCentralOptions } from "@af-tenancy/database";
import { driverName } from "./driver-name.ts";
import type { MysqlCentralOptions } from "./mysql-options.ts";
import type { MysqlServers } from "./mysql-servers.ts";

/** Describes a central database on one of the servers; throws a `TenancyError` for one that is not configured. */
export function mysqlCentral(servers: MysqlServers, options: MysqlCentralOptions): CentralTarget {
  checkCentralOptions(options);
  const { database, server = "default", entities } = options;
  servers.of(server);
  return { database: centralDatabase(driverName, server, database), entities };
}
