import {
  type CentralTarget,
  centralDatabase,
  checkCentralOptions,
  checkCentralServer,
} from "@af-tenancy/database";
import { driverName } from "./driver-name.ts";
import type { MysqlCentralOptions } from "./mysql-options.ts";
import type { MysqlServers } from "./mysql-servers.ts";

/** Describes a central database on one of the servers; throws `ConfigurationError` for one that is not there. */
export function mysqlCentral(servers: MysqlServers, options: MysqlCentralOptions): CentralTarget {
  checkCentralOptions(options);
  const { database, server = "default", entities } = options;
  checkCentralServer(server, (id) => servers.of(id));
  return { database: centralDatabase(driverName, server, database), entities };
}
