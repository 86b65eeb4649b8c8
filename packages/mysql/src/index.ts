// For applications
export type {
  MysqlConnectionSettings,
  MysqlReplicaSettings,
  TlsSettings,
} from "./connection-options.ts";
export type { EncodingSettings } from "./database-encoding.ts";
export { driverName } from "./driver-name.ts";
export { mysql } from "./mysql.ts";
export type { MysqlFlavour } from "./mysql-flavour.ts";
export type { MysqlCentralOptions, MysqlOptions } from "./mysql-options.ts";
export type { MysqlRegistryOptions } from "./mysql-registry.ts";
export { mysqlRegistry } from "./mysql-registry.ts";
export type { ServerSettings } from "./mysql-servers.ts";
export { mysqlStoreMigrations } from "./store-migrations.ts";
export type { TenantUserOptions } from "./tenant-user.ts";
