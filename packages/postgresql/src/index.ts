// For applications
export type { PostgresqlConnectionSettings } from "./connection-options.ts";
