import { mysql } from "@af-tenancy/mysql";
import { postgresql } from "@af-tenancy/postgresql";
import { sqlite } from "@af-tenancy/sqlite";
import { mysqlServer, postgresqlServer } from "../servers.ts";
import type { MakeDatabases, MemoryCase } from "./memory-case.ts";

const files: MakeDatabases = ({ entities, folder, handles, open }) =>
  sqlite({ folder, entities, maxHandles: handles, maxOpen: open });

const databases: MakeDatabases = ({ entities, handles, open }) =>
  postgresql({ connection: postgresqlServer, entities, maxHandles: handles, maxConnections: open });

const schemas: MakeDatabases = ({ entities, handles, open }) =>
  postgresql({
    ...{ connection: postgresqlServer, strategy: "schema", entities },
    ...{ maxHandles: handles, maxConnections: open },
  });

const mariadb: MakeDatabases = ({ entities, handles, open }) =>
  mysql({
    ...{ connection: mysqlServer, flavour: "mariadb", entities },
    ...{ maxHandles: handles, maxConnections: open },
  });

/** Nothing is left of a tenant but what the application itself keeps. */
const evicted = { promise: 1_000, of: "heap", handles: 1, open: 1 } as const;
/** Its handle is there, and its connection is closed or in the hands of others. */
const kept = { promise: 5_000, of: "heap", handles: 5_000, open: 1 } as const;
/** It is served over connections that all share. */
const shared = { promise: 15_000, of: "heap", handles: 5_000, open: 10 } as const;

/** The lines of the promise, by name. */
export const memoryCases: Readonly<Record<string, MemoryCase>> = {
  "evicted/sqlite": { ...evicted, tenants: 300, make: files },
  "evicted/postgresql": { ...evicted, tenants: 100, make: databases },
  "evicted/mysql": { ...evicted, tenants: 300, make: mariadb },
  "kept/sqlite": { ...kept, tenants: 300, make: files },
  "kept/postgresql": { ...kept, tenants: 100, make: databases },
  "kept/mysql": { ...kept, tenants: 300, make: mariadb },
  "shared/postgresql": { ...shared, tenants: 200, make: schemas },
  "shared/mysql": { ...shared, tenants: 300, make: mariadb },
  "open/sqlite": {
    ...{ promise: 450_000, of: "rss", wholeSchema: true, handles: 5_000, open: 500 },
    ...{ tenants: 200, make: files },
  },
  // As many statements as an open file keeps prepared.
  "busy/sqlite": {
    ...{ promise: 450_000, of: "rss", wholeSchema: true, handles: 5_000, open: 500 },
    ...{ tenants: 200, make: files, queries: 16 },
  },
  "open/postgresql": {
    ...{ promise: 60_000, of: "rss", handles: 5_000, open: 60 },
    ...{ tenants: 40, make: databases },
  },
};
