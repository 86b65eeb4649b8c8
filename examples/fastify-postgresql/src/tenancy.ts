import { createTenancy } from "@af-tenancy/core";
import { postgresql, postgresqlRegistry } from "@af-tenancy/postgresql";
import { provisioning } from "@af-tenancy/provisioning";
import { domainResolver } from "@af-tenancy/resolvers";
import { Note } from "./note.ts";
import type { Connection } from "./settings.ts";

/** Composes the tenancy: the list of tenants and a schema for each of them, in one database. */
export function composeTenancy(connection: Connection) {
  const db = postgresql({ connection, strategy: "schema", entities: [Note] });
  const tenancy = createTenancy({
    registry: postgresqlRegistry({ connection }),
    databases: db,
    provisioning: provisioning({ leaseMs: 3_000 }),
    resolve: domainResolver(),
    central: ["localhost"],
  });
  return { db, tenancy };
}

/** The tenancy of this application and its tenants' schemas. */
export type Composed = ReturnType<typeof composeTenancy>;
