import {
  type CentralTarget,
  centralDatabase,
  checkCentralOptions,
  checkCentralServer,
} from "@af-tenancy/database";
import { driverName } from "./placement-names.ts";
import type { PostgresqlCentralOptions } from "./postgresql-options.ts";
import type { TenantConnections } from "./tenant-connections.ts";

/** Describes a central database on one of the servers; throws `ConfigurationError` for one that is not there. */
export function postgresqlCentral(
  connections: TenantConnections,
  options: PostgresqlCentralOptions,
): CentralTarget {
  checkCentralOptions(options);
  const { database: name, server = "default", entities } = options;
  checkCentralServer(server, (id) => connections.budget(id));
  const database = centralDatabase(driverName, server, name);
  return {
    ...{ database, entities },
    connections: {
      key: () => ["central", server, name].join("\0"),
      open: () => connections.openInPublic(database),
    },
  };
}
