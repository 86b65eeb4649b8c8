// Composition

export {
  type AccessRecorder,
  type AccessRecorderOptions,
  accessRecorder,
} from "./access-recorder.ts";
export type {
  AdmissionOptions,
  Refusal,
  RefusalAnswer,
  RefusalAnswers,
  RefusalCode,
} from "./admission-options.ts";
export type { ClosableServer } from "./close-server.ts";
export type { CloseOptions } from "./composition.ts";
export { createTenancy, defineTenancy } from "./create-tenancy.ts";
export { createKeyRing, type KeyRingOptions } from "./key-ring.ts";
export { refusalPage } from "./refusal-page.ts";
export {
  type RegistryCentral,
  type RegistryCentralOptions,
  registryCentral,
} from "./registry-central.ts";
export type { RunForEachOptions, RunForEachReport } from "./run-for-each.ts";
export type { Stay } from "./tenancy.ts";
export { Tenancy } from "./tenancy.ts";
export type {
  TenancyHooks,
  TenancyOptions,
  TenancyParts,
  TenancySource,
} from "./tenancy-options.ts";

// Contracts: where packages meet

export { bootstrapBy } from "./bootstrap-by.ts";
export type {
  ApplicationCache,
  ApplicationCaches,
  CacheClearOptions,
  CacheLock,
  CacheLockOptions,
  CacheTime,
  TenantCaches,
} from "./contracts/application-cache.ts";
export { TENANT_CACHES } from "./contracts/application-cache.ts";
export type {
  AnyValue,
  CreateValue,
  DisposeValue,
  ForgottenLease,
  GetValue,
  LazyValue,
  Origin,
  Scope,
  TenancyBootstrapper,
  Undo,
  ValueKey,
} from "./contracts/bootstrapper.ts";
export { lazyValue, valueKey } from "./contracts/bootstrapper.ts";
export type {
  CacheEntries,
  CacheEntry,
  CacheKey,
  CacheOwner,
  CacheSpace,
  CacheStore,
} from "./contracts/cache-store.ts";
export type { ChangeFeed, CommitListener } from "./contracts/change-feed.ts";
export type { ChangeListener, ChangeListeners } from "./contracts/change-listener.ts";
export type { Clock } from "./contracts/clock.ts";
export type { TenancyComponent, TenancyHost } from "./contracts/component.ts";
export type {
  DatabaseTemplate,
  DatabaseTemplates,
  TemplatedDatabases,
} from "./contracts/database-templates.ts";
export type {
  DatabaseCapabilities,
  DatabaseOwner,
  DatabaseState,
  TenantDatabase,
  TenantDatabaseManager,
  TenantDatabases,
} from "./contracts/databases.ts";
export type {
  BootstrappingEvent,
  DatabaseCreatingEvent,
  DeniedEvent,
  DomainsUpdatingEvent,
  Events,
  FailureEvent,
  LifecycleEvent,
  Listener,
  MigrationEndedEvent,
  MigrationProgressEvent,
  MigrationTurnEvent,
  OperationProgressEvent,
  PendingPullingEvent,
  ResourceChangedEvent,
  ResourceSyncedEvent,
  SeedingEndedEvent,
  SeedingProgressEvent,
  StatusChangedEvent,
  StatusChangingEvent,
  TenancyEventMap,
  TenantChangedEvent,
  TenantCreatingEvent,
  TenantPurgingEvent,
  TenantUpdatingEvent,
  Vetoable,
} from "./contracts/events.ts";
export type {
  FleetMigrations,
  FleetSchemas,
  MigrationCounts,
  MigrationPlanning,
  MigrationPlanOptions,
  MigrationPreview,
  MigrationReport,
  MigrationRunOptions,
  MigrationVerdict,
  PlanCare,
  PlanSelection,
  PlanWaves,
  SchemaSummary,
  UnmigratedCounts,
} from "./contracts/fleet-migrations.ts";
export type {
  AccessRecord,
  AuditCause,
  AuditEntry,
  AuditFilter,
  AuditTrail,
  CentralDirectory,
  DomainDirectory,
  DomainFilter,
  FleetRecords,
  LoadedServer,
  NewAuditEntry,
  RegisteredDomain,
  Sequences,
  ServerDirectory,
  ServerRecord,
} from "./contracts/fleet-records.ts";
export type {
  FleetSeeding,
  FleetSeedingOptions,
  SeededState,
  SeededTenant,
  SeedingCounts,
  SeedingFailure,
  SeedingReport,
  SeedingVerdict,
} from "./contracts/fleet-seeding.ts";
export type { KeyRing } from "./contracts/keys.ts";
export type { Leases } from "./contracts/leases.ts";
export type {
  MigrationDirection,
  MigrationPlan,
  MigrationPlanStore,
  MigrationRecords,
  NewMigrationPlan,
  NewPlannedTenant,
  PlannedCount,
  PlannedFailure,
  PlannedFilter,
  PlannedMark,
  PlannedResult,
  PlannedState,
  PlannedTenant,
  PlannedTenantStore,
  RecordedSchema,
  SchemaCount,
  SchemaRecords,
  TenantSchema,
  TimedMigration,
} from "./contracts/migration-records.ts";
export type {
  NewLease,
  NewOperation,
  OperationContext,
  OperationDefinition,
  OperationKey,
  OperationProgress,
  OperationRecord,
  OperationState,
  OperationStep,
  OperationStore,
  OperationTimes,
} from "./contracts/operations.ts";
export type { Outbox, OutboxChange, OutboxEntry } from "./contracts/outbox.ts";
export type {
  ClearOptions,
  ClearReport,
  PendingAttributes,
  PendingTenants,
  PulledTenant,
  PullOptions,
  TenantStock,
} from "./contracts/pending-tenants.ts";
export type { ReferenceHints } from "./contracts/reference-hints.ts";
export type {
  CentralRegistry,
  DatabaseLedger,
  LedgerEntry,
  LedgerFilter,
  RegistryTransaction,
  TenantChanges,
  TenantRegistry,
} from "./contracts/registry.ts";
export type { HistoryKind, RegistryHistory } from "./contracts/registry-history.ts";
export type {
  CentralDomains,
  ResolverOpinion,
  TenancyRequest,
  TenantResolution,
  TenantResolver,
} from "./contracts/resolver.ts";
export type { TenantFilter, TenantStore } from "./contracts/store.ts";
export type {
  JsonValue,
  Maintenance,
  NewMaintenance,
  Placement,
  PlacementStrategy,
  Tenant,
  TenantAccess,
  TenantConditions,
  TenantDomain,
  TenantHistory,
  TenantLifeDates,
  TenantLike,
  TenantMetadata,
  TenantRecord,
  TenantReference,
  TenantStatus,
} from "./contracts/tenant.ts";
export type {
  GraceOptions,
  MoveOptions,
  PruneOptions,
  PruneReport,
  SweepFailure,
  SweepOptions,
  SweepReport,
  TenantConditionCalls,
  TenantDeletion,
  TenantLife,
  TenantService,
  TenantStorage,
  TenantUpkeep,
} from "./contracts/tenant-life.ts";
export type {
  AppliedMigration,
  MigratedTenant,
  MigratingDatabases,
  MigrationDone,
  MigrationFolders,
  MigrationLimits,
  MigrationRequest,
  MigrationRun,
  MigrationStatus,
  TenantMigrations,
} from "./contracts/tenant-migrations.ts";
export type {
  SeederDone,
  SeederProgress,
  SeederStatus,
  SeederUse,
  SeedingDatabases,
  SeedingRun,
  SeedRequest,
  TenantSeeding,
} from "./contracts/tenant-seeding.ts";
export type {
  RowProblem,
  RowsIn,
  RowsOut,
  RowsRead,
  RowsWritten,
  RowTransfer,
  TenantTransfer,
  TransferringDatabases,
} from "./contracts/tenant-transfer.ts";
export type {
  AdoptedTenant,
  ClonedTenant,
  FailedPurge,
  NewTenant,
  PurgeAllOptions,
  PurgeOptions,
  PurgeReport,
  RepairOptions,
  RepairReport,
  TenantOperations,
  TenantRehearsal,
  TenantRemoval,
  TenantSchemas,
  TenantUpdate,
} from "./contracts/tenants.ts";

// Errors

export {
  CacheLockTakenError,
  CacheReentryError,
  CacheUnavailableError,
} from "./errors/cache-errors.ts";
export {
  ConfigurationError,
  DecryptionError,
  DuplicateCoreError,
  InvalidTenantError,
  KeysRequiredError,
  TenancyClosedError,
} from "./errors/configuration-errors.ts";
export {
  ContextEndedError,
  NoScopeError,
  NoTenantContextError,
  ScopeBusyError,
  ScopeSealedError,
  TenantMismatchError,
  ValueCycleError,
  ValueExistsError,
  ValueMissingError,
  VetoedError,
} from "./errors/context-errors.ts";
export {
  ClockAheadError,
  IllegalMoveError,
  RestoreTooLateError,
  TenantNotClonableError,
} from "./errors/life-errors.ts";
export {
  MigrationDirtyError,
  MigrationFailedError,
  MigrationLockedError,
} from "./errors/migration-errors.ts";
export {
  MigrationPlanHeldError,
  MigrationPlanNotFoundError,
  MigrationTimeoutError,
} from "./errors/plan-errors.ts";
export {
  DatabaseNotReadyError,
  DatabaseOwnedError,
  DomainTakenError,
  IdempotencyConflictError,
  InvalidInputError,
  NameReservedError,
  OperationInFlightError,
  PlanChangedError,
  ProvisioningError,
  RegistryNewerError,
  SlugTakenError,
  StaleOperationError,
  StaleTenantError,
  TenantExistsError,
  TenantNotDeletedError,
  TransactionEndedError,
  TransactionTimeoutError,
  UnknownDriverError,
  UnknownOperationError,
} from "./errors/registry-errors.ts";
export type { Denial, DenialCode } from "./errors/resolution-errors.ts";
export {
  AmbiguousPathError,
  ForeignCredentialError,
  InvalidHostError,
  MaintenanceBypassedError,
  RegistryUnavailableError,
  TenantConflictError,
  TenantDeniedError,
  TenantNotFoundError,
  TenantNotIdentifiedError,
  ThrownValueError,
  WrongSideError,
} from "./errors/resolution-errors.ts";
export {
  SeederFailedError,
  SeedingLockedError,
  UnknownSeederError,
} from "./errors/seeding-errors.ts";
export { isTenancyError, isTransient, TenancyError } from "./errors/tenancy-error.ts";

// Servers

export { refuseMalformed } from "./refuse-malformed.ts";
export { type UpgradeHandler, type UpgradeOptions, upgradeListener } from "./upgrade-listener.ts";

// Memory implementations

export type { ManualClock } from "./memory/manual-clock.ts";
export { manualClock } from "./memory/manual-clock.ts";
export type { MemoryDatabases, MemoryDatabasesOptions } from "./memory/memory-databases.ts";
export { MEMORY_DATABASE, memoryDatabases } from "./memory/memory-databases.ts";
export type { MemoryMigration } from "./memory/memory-migrations.ts";
export type { MemoryRegistryOptions } from "./memory/memory-registry.ts";
export { memoryRegistry } from "./memory/memory-registry.ts";
export type { MemorySeeder } from "./memory/memory-seeding.ts";
export { serverInUse } from "./memory/memory-servers.ts";
export type { MemoryStoreOptions } from "./memory/memory-store.ts";
export { memoryStore } from "./memory/memory-store.ts";
export { systemClock } from "./memory/system-clock.ts";

// For adapters, resolvers, drivers and other implementers

export { type AdapterSettings, adapterSettings } from "./adapter-settings.ts";
export { isAddressBlock } from "./address-blocks.ts";
export { type Admissible, admit, tenantClosed } from "./admission.ts";
export { answerRefusal } from "./answer-refusal.ts";
export { assertSealed } from "./assert-sealed.ts";
export { centralDomains } from "./central-domains.ts";
export type { ChangeFollowing } from "./change-delivery.ts";
export { checkTenancy } from "./check-tenancy.ts";
export { CommitListeners } from "./commit-listeners.ts";
export { domainMissing, domainProved, tokenHash } from "./domain-token.ts";
export { type ErrorResponse, errorResponse } from "./error-response.ts";
export { followChanges } from "./follow-changes.ts";
export { type CallbackExchange, handleByCallback } from "./handle-by-callback.ts";
export { cookieValues, headerValues, onlyHeader } from "./header-values.ts";
export {
  type HealthAnswer,
  type HealthCheck,
  type HealthOptions,
  livenessAnswer,
  readinessCheck,
  tenantHealthCheck,
} from "./health.ts";
export { HeldLease } from "./held-lease.ts";
export { HttpRequest, type NodeRequest } from "./http-request.ts";
export { checkKnownOptions } from "./known-options.ts";
export { bypassPurpose, sealBypass } from "./maintenance-pass.ts";
export type { MaybePromise } from "./maybe-promise.ts";
export { isThenable } from "./maybe-promise.ts";
export { type Attachment, attachOnce } from "./memory/attach-once.ts";
export { mixesScripts } from "./mixed-scripts.ts";
export { nodeHeaders } from "./node-headers.ts";
export { type NodeResponse, onClosed } from "./on-closed.ts";
export { outsideTenancy } from "./outside-tenancy.ts";
export { referenceOf } from "./reference-of.ts";
export type { RequestErrorResponse } from "./refusal-responses.ts";
export type { AnswerHeaders, RequestExchange, RouteMode } from "./request-exchange.ts";
export type { CheckRewritten, RouteChoice, RouteChoices, RouteRule } from "./route-rules.ts";
export { checkMove, type MovesFrom, type StatusMove, statusMoves } from "./status-moves.ts";
export { tellFailure } from "./tell-failure.ts";
