// For applications
export type {
  PostgresqlConnectionSettings,
  PostgresqlReplicaSettings,
} from "./connection-options.ts";
export { postgresql } from "./postgresql.ts";
export type { PostgresqlCentralOptions, PostgresqlOptions } from "./postgresql-options.ts";
export type { PostgresqlRegistryOptions } from "./postgresql-registry.ts";
export { postgresqlRegistry } from "./postgresql-registry.ts";
export type { PostgresqlServerList } from "./postgresql-servers.ts";
export { postgresqlStoreMigrations } from "./store-migrations.ts";
