// For applications

export { type CacheTablesOptions, cacheTables } from "./caching/cache-tables.ts";
export { type CachingDatabases, databaseCache } from "./caching/database-cache.ts";
export type {
  CopiedColumn,
  CopiedReference,
  CopiedTable,
  CopyDialect,
  CopyStatement,
  InPlaceDialect,
  Rows,
} from "./clone/copy-dialect.ts";
export { checkCount } from "./connection/check-count.ts";
export { checkWellFormed } from "./connection/check-well-formed.ts";
export type { ConnectionLease } from "./connection/connection-lease.ts";
export type { ConnectionSource } from "./connection/connection-source.ts";
export type {
  Dialect,
  DialectConnection,
  DialectDriver,
  DialectGrammar,
  RunSql,
  Statement,
  StatementResult,
} from "./connection/dialect.ts";
export { sqlRunner, statement } from "./connection/dialect.ts";
export type {
  ConnectionBudget,
  DriverConnections,
  ReplicaConnections,
  ServerConnection,
} from "./connection/driver-connections.ts";
export type { LeaseRequest } from "./connection/lease-request.ts";
export type { LeaseScope } from "./connection/lease-scope.ts";
export { everlastingScope } from "./connection/lease-scope.ts";
export type { MakeLeasingDialect } from "./connection/leasing-dialect.ts";
export { leasingDialects } from "./connection/leasing-dialect.ts";
export type { NamedReplica, ReplicaSettings } from "./connection/named-replicas.ts";
export { namedReplicas } from "./connection/named-replicas.ts";
export type {
  BreakerState,
  FailingDatabase,
  PoolStatistics,
  TenantStatistics,
} from "./connection/pool/pool-statistics.ts";
export type { RefuseWrite } from "./connection/read-only-driver.ts";
export { ReadOnlyDriver } from "./connection/read-only-driver.ts";
export type { SettingRules } from "./connection/server-settings.ts";
export { checkSettings, givenSettings, serverDefaults } from "./connection/server-settings.ts";
export type { SingleConnectionOptions } from "./connection/single-connection.ts";
export { SingleConnection } from "./connection/single-connection.ts";
export type { ControlsTransactions } from "./connection/transaction-control.ts";
export { Turns } from "./connection/turns.ts";
export type { Credentials } from "./credentials.ts";
export { credentialsPurpose, openCredentials, sealCredentials } from "./credentials.ts";
export { type DatabasesPatient, databaseChecks, inspectingOnce } from "./doctor/database-checks.ts";
export type { DoctorCheck, Symptom } from "./doctor/doctor-check.ts";
export type { DoctorOptions } from "./doctor/doctor-options.ts";
export type { Examination } from "./doctor/examination.ts";
export { examine, unreachableFinding } from "./doctor/examine.ts";
export type { Finding, Severity } from "./doctor/finding.ts";
export {
  CanaryFailedError,
  CentralRecordRequiredError,
  CloneRefusedError,
  ConnectionHeldError,
  DatabaseMismatchError,
  IsolationBrokenError,
  PoolExhaustedError,
  QueryTimeoutError,
  ReadOnlyManagerError,
  RowsExposedError,
  SchemaOutdatedError,
  SessionFeatureError,
  StreamEndedError,
  TenantReadOnlyError,
  UnscopedSqlError,
  UnsupportedOrmError,
} from "./errors.ts";
export {
  type LockedPlace,
  type MigrationDialect,
  trackingTable,
} from "./migrations/migration-dialect.ts";
export type {
  MigrationClass,
  MigrationFolder,
  MigrationSource,
  NamedMigration,
  RunnableMigration,
} from "./migrations/migration-source.ts";
export {
  type StoreMigrations,
  type StoreTables,
  storeMigrations,
} from "./migrations/store-migrations.ts";
// For driver packages
export { centralRegistry } from "./registry/central-registry.ts";
export { registryConnection } from "./registry/registry-connection.ts";
export type {
  RegistryConnection,
  RegistryDriver,
  RegistryLock,
  RegistryMigration,
  RegistryTables,
  RegistryTransactions,
} from "./registry/registry-driver.ts";
export type { RowRemoval } from "./row/remove-rows.ts";
export type { SharedDatabase } from "./row/row-manager.ts";
export { readRowOwner, rowOwners } from "./row/row-owners.ts";
export type { RowTable } from "./row/row-tables.ts";
export { RowTables } from "./row/row-tables.ts";
export type {
  RowSeeder,
  Seeder,
  SeederContext,
  SeederFunction,
  Seeders,
} from "./seeding/seeder.ts";
export { rowSeeder } from "./seeding/seeder.ts";
export type { SeederDialect } from "./seeding/seeder-dialect.ts";
export { seedersTable } from "./seeding/seeder-dialect.ts";
export type { SeedersOption } from "./seeding/seeding-of.ts";
export {
  DatabaseRefusedError,
  DatabaseUnavailableError,
  DatabaseUserTakenError,
} from "./server-errors.ts";
export type { ResourceMapping } from "./syncing/mappings.ts";
export type { NamedRecords, NamedTenants } from "./syncing/named-records.ts";
export { resourceSyncing } from "./syncing/resource-syncing.ts";
export type { QueueStep } from "./syncing/step-runner.ts";
export type { SyncAction, SyncCause, SyncStep } from "./syncing/sync-step.ts";
export { centralSyncTables, tenantSyncTable } from "./syncing/sync-tables.ts";
export type {
  NewValues,
  SyncedCreation,
  SyncedResource,
  SyncedTrash,
} from "./syncing/synced-resource.ts";
export { syncedResource } from "./syncing/synced-resource.ts";
export type {
  AttachOptions,
  DeliverOptions,
  DetachOptions,
  ResourceSyncing,
  ResourceSyncingOptions,
  SyncFailure,
  SyncReport,
} from "./syncing/syncing-options.ts";
export type { CentralTarget } from "./tenants/central-target.ts";
export { centralDatabase } from "./tenants/central-target.ts";
export type { OptionRule } from "./tenants/check-driver-options.ts";
export {
  checkCentralOptions,
  checkCentralServer,
  checkDriverOptions,
  checkUsersHaveTenants,
  serversRule,
} from "./tenants/check-driver-options.ts";
export { assertOwner } from "./tenants/check-owner.ts";
export { TENANT_EM } from "./tenants/current-database.ts";
export type { DatabaseStatistics } from "./tenants/database-statistics.ts";
export type { EntityManagerOptions } from "./tenants/manager-options.ts";
export { type MarkerAct, markerAct, registryTable } from "./tenants/marker-act.ts";
export type { MikroOrmDatabases } from "./tenants/mikro-orm-databases.ts";
export { mikroOrmDatabases } from "./tenants/mikro-orm-databases.ts";
export type { MikroOrmDatabasesOptions } from "./tenants/mikro-orm-databases-options.ts";
export { tenantDatabases } from "./tenants/mixed-databases.ts";
export { isInTransactionOf } from "./tenants/open-transactions.ts";
export { type OwnerRow, ownerIn, ownerMarker, readOwnerMarker } from "./tenants/owner-marker.ts";
export type { ReadFrom, ReadOnlyOptions } from "./tenants/read-from.ts";
export { checkReadOnlyFrom } from "./tenants/read-from.ts";
export type { SchemaTemplate } from "./tenants/schema-template.ts";
export type { TenantDriver } from "./tenants/tenant-driver.ts";
export type {
  DriverEntities,
  EntitiesOf,
  EntityFactory,
  NamedEntities,
  TenantEntities,
  TenantEntity,
} from "./tenants/tenant-entities.ts";
export type { TablesToMake } from "./tenants/tenant-schema.ts";
export {
  TransactionLeftOpenError,
  TransactionOverError,
  TransactionTakenBackError,
} from "./transaction-errors.ts";
export type { HighestKey } from "./transfer/advance-keys.ts";
export type { CopyOptions, CopyReport } from "./transfer/copy-data.ts";
export { DataFormatError, DataLimitError, InvalidRowError } from "./transfer/data-errors.ts";
export type { EntityChoice } from "./transfer/data-shape.ts";
export type { ExportOptions, ExportReport } from "./transfer/export-data.ts";
export type { ImportOptions, ImportReport, Verdict } from "./transfer/import-data.ts";
export type { DataProgress, LongCall } from "./transfer/long-call.ts";
export type { DataSource } from "./transfer/read-text.ts";
export type { RowIssue, RowIssueCode } from "./transfer/row-issue.ts";
export type { LoadOptions, RowCounts } from "./transfer/row-loader.ts";
export type { RowConditions } from "./transfer/row-pages.ts";
export type { RowValues } from "./transfer/row-values.ts";
export type { OnConflict } from "./transfer/row-writer.ts";
export type { TenantData } from "./transfer/tenant-data.ts";
