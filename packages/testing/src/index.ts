// Contract suites: one call each in a test file of the implementation

export type { AccessHarness, AccessManager, AccessSubject } from "./access/access-contract.ts";
export { accessContract } from "./access/access-contract.ts";
export { adapterContract } from "./adapter/adapter-contract.ts";
export type {
  AdapterApplication,
  AdapterCall,
  AdapterGroup,
  AdapterHarness,
  AdapterRoute,
  FailureAnswer,
  ServedApplication,
} from "./adapter/adapter-harness.ts";
export type { AdapterResolvers } from "./adapter/adapter-resolvers.ts";
export type { Answer, SentRequest } from "./adapter/ask.ts";
export type { RunningApplication } from "./adapter/run-application.ts";
export { runApplication } from "./adapter/run-application.ts";
export { bootstrapperContract } from "./bootstrapper/bootstrapper-contract.ts";
export type {
  BootstrapperHarness,
  BootstrapperSubject,
  WatchBootstrapper,
} from "./bootstrapper/bootstrapper-harness.ts";
export { applicationCacheContract } from "./cache/application-cache-contract.ts";
export type {
  ApplicationCacheHarness,
  ApplicationCacheSubject,
} from "./cache/application-cache-harness.ts";
export type { CachingSite, ServedCaches } from "./cache/serve-caches.ts";
export { serveCaches } from "./cache/serve-caches.ts";
export type { ClockHarness } from "./clock/clock-contract.ts";
export { clockContract } from "./clock/clock-contract.ts";
export { databaseManagerContract } from "./databases/database-manager-contract.ts";
export type {
  DatabaseManagerGroup,
  DatabaseManagerHarness,
  DatabaseRows,
} from "./databases/database-manager-harness.ts";
export type {
  ForgettingManager,
  ForgottenLeaseHarness,
  ForgottenLeaseSubject,
} from "./forgotten/forgotten-lease-contract.ts";
export { forgottenLeaseContract } from "./forgotten/forgotten-lease-contract.ts";
export type { KeyRingHarness } from "./keys/key-ring-contract.ts";
export { keyRingContract } from "./keys/key-ring-contract.ts";
export type { LoaderSubject, LoadingManager, LoadingQueries } from "./loaders/loader-contract.ts";
export { loaderContract } from "./loaders/loader-contract.ts";
export { tenantMigrationsContract } from "./migrations/tenant-migrations-contract.ts";
export type {
  MigratedSite,
  MigrationGroup,
  MigrationPlace,
  SqlMigration,
  TenantMigrationsHarness,
} from "./migrations/tenant-migrations-harness.ts";
export type {
  ReaderHarness,
  ReaderSubject,
  ReadingManager,
  WritingManager,
} from "./readers/reader-contract.ts";
export { readerContract } from "./readers/reader-contract.ts";
export { centralRegistryContract } from "./registry/central-registry-contract.ts";
export type {
  BreakTables,
  CentralRegistryHarness,
  JoinRegistry,
  RegistryGroup,
} from "./registry/central-registry-harness.ts";
export type { EmptiedDatabases, EmptiedDatabasesHarness } from "./registry/emptied-databases.ts";
export { emptiedDatabases } from "./registry/emptied-databases.ts";
export { tenantResolverContract } from "./resolver/tenant-resolver-contract.ts";
export type { ResolvedRequest, TenantResolverHarness } from "./resolver/tenant-resolver-harness.ts";
export type { ServedTables, ServingDatabases } from "./rows/serve-shared-tables.ts";
export { serveSharedTables } from "./rows/serve-shared-tables.ts";
export type { EntityWords, PropertyWord, PropertyWords } from "./rows/shared-entities.ts";
export { sharedEntities } from "./rows/shared-entities.ts";
export { sharedTablesContract } from "./rows/shared-tables-contract.ts";
export type {
  RawQueries,
  Row,
  RowQuery,
  SharedEntities,
  SharedTables,
  SharedTablesHarness,
  SharedTablesManager,
} from "./rows/shared-tables-harness.ts";
export { seedInProcess } from "./seeding/seed-in-process.ts";
export { tenantSeedingContract } from "./seeding/tenant-seeding-contract.ts";
export type {
  MakeSeeders,
  SeededSite,
  SeedingGroup,
  SeedingManager,
  SeedingPlace,
  SeedingProcess,
  TenantSeedingHarness,
} from "./seeding/tenant-seeding-harness.ts";
export { waitingSeeders } from "./seeding/waiting-seeders.ts";
export { tenantStoreContract } from "./store/tenant-store-contract.ts";
export type {
  StoreContents,
  StoredDomain,
  TenantStoreHarness,
} from "./store/tenant-store-harness.ts";
export type { LeftOut } from "./suite/group.ts";
export { resourceSyncingContract } from "./syncing/resource-syncing-contract.ts";
export type {
  PersonRecord,
  ResourceSyncingHarness,
  ResourceSyncingSubject,
  SyncedManager,
  SyncingCalls,
} from "./syncing/resource-syncing-harness.ts";
export type { SyncedServing } from "./syncing/serve-syncing.ts";
export { serveSyncing } from "./syncing/serve-syncing.ts";
export type { PeopleWords, PersonWord, SyncedPeople } from "./syncing/synced-people.ts";
export { peopleResource, syncedPeople } from "./syncing/synced-people.ts";
export type { DataEntities, DataType, DataTypes, DataWords } from "./transfer/data-entities.ts";
export { dataEntities } from "./transfer/data-entities.ts";
export { serveData } from "./transfer/serve-data.ts";
export { tenantDataContract } from "./transfer/tenant-data-contract.ts";
export type {
  DataCalls,
  DataManager,
  DataSite,
  LoadedRows,
  TenantDataHarness,
} from "./transfer/tenant-data-harness.ts";

// Fixtures

export type { RequestParts } from "./fixtures/tenancy-request.ts";
export { tenancyRequest } from "./fixtures/tenancy-request.ts";
export { tenantDomain } from "./fixtures/tenant-domain.ts";
export { acme, globex, tenantRecord } from "./fixtures/tenant-record.ts";
export { testScale } from "./fixtures/test-scale.ts";

// Processes

export type { MeasuredProcess } from "./processes/measured-process.ts";
export { measuredProcess } from "./processes/measured-process.ts";
