import { createTenancy } from "@af-tenancy/core";
import { mysql, mysqlRegistry } from "@af-tenancy/mysql";
import { provisioning } from "@af-tenancy/provisioning";
import { domainResolver } from "@af-tenancy/resolvers";
import { Note } from "./note.ts";
import type { Connection } from "./settings.ts";

/** Composes the tenancy: the list of tenants in one database, and a database for each of them on the same server. */
export function composeTenancy(connection: Connection, flavour: "mysql" | "mariadb") {
  const { database: _database, ...server } = connection;
  const db = mysql({ connection: server, flavour, entities: [Note] });
  const tenancy = createTenancy({
    registry: mysqlRegistry({ connection, flavour }),
    databases: db,
    provisioning: provisioning({ leaseMs: 3_000 }),
    resolve: domainResolver(),
    central: ["localhost"],
  });
  return { db, tenancy };
}

/** The tenancy of this application and its tenants' databases. */
export type Composed = ReturnType<typeof composeTenancy>;
