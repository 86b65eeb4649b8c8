// For applications
export type { PostgresqlConnectionSettings } from "./connection-options.ts";
export { postgresql } from "./postgresql.ts";
export type { PostgresqlCentralOptions, PostgresqlOptions } from "./postgresql-options.ts";
export type { PostgresqlServerList } from "./postgresql-servers.ts";
