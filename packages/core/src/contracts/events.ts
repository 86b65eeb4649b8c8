import type { MaybePromise } from "../maybe-promise.ts";
import type { StatusMove } from "../status-moves.ts";
import type { Origin, Scope, TenancyBootstrapper } from "./bootstrapper.ts";
import type { MigrationReport } from "./fleet-migrations.ts";
import type { SeededTenant, SeedingReport } from "./fleet-seeding.ts";
import type { MigrationPlan, PlannedTenant } from "./migration-records.ts";
import type { OperationRecord } from "./operations.ts";
import type { PulledTenant } from "./pending-tenants.ts";
import type { TenancyRequest } from "./resolver.ts";
import type { Tenant, TenantDomain, TenantRecord, TenantStatus } from "./tenant.ts";
import type { NewTenant, TenantUpdate } from "./tenants.ts";

/**
 * Where listeners are added and events told. Listeners run one after the other, in the order they were added, and
 * are awaited; a throw reaches whoever caused the event.
 */
export interface Events<T extends Tenant = Tenant> {
  /** Adds a listener and gives the function that removes it. */
  on<N extends keyof TenancyEventMap<T>>(name: N, listener: Listener<T, N>): () => void;
  /** Tells the listeners; throws `VetoedError` when one of an event that may be vetoed returns `false`. */
  emit<N extends keyof TenancyEventMap<T>>(
    name: N,
    event: TenancyEventMap<T>[N],
  ): MaybePromise<void>;
}

/** A listener of one event; returning `false` from a listener of a `Vetoable` event refuses what is about to happen. */
export type Listener<T extends Tenant, N extends keyof TenancyEventMap<T>> = (
  event: TenancyEventMap<T>[N],
) => MaybePromise<TenancyEventMap<T>[N] extends Vetoable ? false | void : void>;

/** Marks an event whose listeners may return `false`. */
export interface Vetoable {
  readonly vetoable: true;
}

/** Every event of a tenancy and what its listeners receive; packages add theirs by declaration merging. */
export interface TenancyEventMap<T extends Tenant = Tenant> {
  initializing: LifecycleEvent<T> & Vetoable;
  bootstrapping: BootstrappingEvent<T>;
  bootstrapped: LifecycleEvent<T>;
  initialized: LifecycleEvent<T>;
  /** A veto holds in an open scope only: leaving a sealed one cannot be refused. */
  ending: LifecycleEvent<T> & Vetoable;
  reverting: LifecycleEvent<T>;
  reverted: LifecycleEvent<T>;
  ended: LifecycleEvent<T>;
  tenantCreating: TenantCreatingEvent;
  /** A veto makes the tenant without a database. */
  databaseCreating: DatabaseCreatingEvent;
  tenantCreated: TenantChangedEvent;
  pendingCreating: TenantCreatingEvent;
  pendingCreated: TenantChangedEvent;
  /** Asked for each tenant that is tried; another one is when somebody else was faster. */
  pendingPulling: PendingPullingEvent;
  pendingPulled: TenantChangedEvent;
  tenantUpdating: TenantUpdatingEvent;
  tenantUpdated: TenantChangedEvent;
  domainsUpdating: DomainsUpdatingEvent;
  domainsUpdated: TenantChangedEvent;
  tenantPurging: TenantPurgingEvent;
  /** Its tenant is as it was last; it is gone. */
  tenantPurged: TenantChangedEvent;
  /** Asked again where the tenant changed meanwhile. */
  statusChanging: StatusChangingEvent;
  statusChanged: StatusChangedEvent;
  conditionsChanged: TenantChangedEvent;
  operationProgress: OperationProgressEvent;
  migrationTurn: MigrationTurnEvent;
  migrationProgress: MigrationProgressEvent;
  migrationEnded: MigrationEndedEvent;
  seedingProgress: SeedingProgressEvent;
  seedingEnded: SeedingEndedEvent;
  resourceChanged: ResourceChangedEvent;
  resourceSynced: ResourceSyncedEvent;
  denied: DeniedEvent;
  failure: FailureEvent;
}

/** A step in a scope's life. */
export interface LifecycleEvent<T extends Tenant = Tenant> {
  readonly tenant: T;
  readonly scope: Scope<T>;
}

/** Told before the bootstrappers run; a listener may replace their list for this one stay. */
export interface BootstrappingEvent<T extends Tenant = Tenant> extends LifecycleEvent<T>, Vetoable {
  readonly bootstrappers: readonly TenancyBootstrapper<T>[];
  /** Runs these bootstrappers instead, in this stay only. */
  replaceBootstrappers(list: readonly TenancyBootstrapper<T>[]): void;
}

/** Told before a tenant is written. */
export interface TenantCreatingEvent extends Vetoable {
  readonly input: NewTenant;
}

/** Told before a new tenant's database is begun; nothing of the tenant is written yet. */
export interface DatabaseCreatingEvent extends Vetoable {
  readonly tenant: TenantRecord;
}

/** Told before a pending tenant becomes what was asked for. */
export interface PendingPullingEvent extends Vetoable {
  readonly tenant: TenantRecord;
  readonly input: PulledTenant;
}

/** Told after a change was committed. */
export interface TenantChangedEvent {
  readonly tenant: TenantRecord;
}

/** Told before a tenant's attributes are changed. */
export interface TenantUpdatingEvent extends Vetoable {
  readonly tenant: TenantRecord;
  readonly changes: TenantUpdate;
}

/** Told before a tenant's domains are replaced. */
export interface DomainsUpdatingEvent extends Vetoable {
  readonly tenant: TenantRecord;
  readonly from: readonly TenantDomain[];
  readonly to: readonly string[];
}

/** Told before a tenant is purged. */
export interface TenantPurgingEvent extends Vetoable {
  readonly tenant: TenantRecord;
}

/** Told before a tenant is moved to another status. */
export interface StatusChangingEvent extends Vetoable {
  readonly tenant: TenantRecord;
  readonly move: StatusMove;
  /** The status that it is to have. */
  readonly to: TenantStatus;
}

/** Told after a tenant was moved to another status and that was committed. */
export interface StatusChangedEvent extends TenantChangedEvent {
  readonly move: StatusMove;
  /** The status that it had. */
  readonly from: TenantStatus;
}

/** Told after each step of an operation. */
export interface OperationProgressEvent {
  readonly operation: OperationRecord;
  /** The step that is done. */
  readonly step: string;
  /** How many of how many steps are done. */
  readonly position: number;
  readonly steps: number;
  readonly milliseconds: number;
}

/** Told when the turn of a tenant of a plan begins, and when it is over, which may be once more for each retry. */
export interface MigrationTurnEvent {
  readonly plan: MigrationPlan;
  readonly tenant: PlannedTenant;
  readonly isOver: boolean;
}

/** Told after what became of a tenant of a plan was written. */
export interface MigrationProgressEvent {
  readonly plan: MigrationPlan;
  readonly tenant: PlannedTenant;
  /** How many of this run's tenants are behind it. */
  readonly position: number;
}

/** Told when a run of a plan is over. */
export interface MigrationEndedEvent {
  readonly report: MigrationReport;
}

/** Told after a tenant's turn in a run of the fleet's seeding. */
export interface SeedingProgressEvent {
  readonly tenant: SeededTenant;
  /** How many of this run's tenants are behind it. */
  readonly position: number;
}

/** Told when a run of the fleet's seeding is over. */
export interface SeedingEndedEvent {
  readonly report: SeedingReport;
}

/** Told after a change of a synced record was committed, of what moves to other databases. */
export interface ResourceChangedEvent {
  readonly resource: string;
  readonly globalId: string;
  /** In whose database it was changed; `null` in the central one. */
  readonly tenantId: string | null;
  readonly change: "created" | "updated" | "trashed" | "restored" | "removed";
  /** The synced fields that changed. */
  readonly fields: readonly string[];
}

/** Told once for each database that another one's change was brought to, where it made a difference. */
export interface ResourceSyncedEvent {
  readonly resource: string;
  readonly globalId: string;
  /** To whose database it was brought; `null` for the central one. */
  readonly tenantId: string | null;
  readonly action: ResourceChangedEvent["change"];
}

/** Told when a request was refused before it reached its tenant. */
export interface DeniedEvent {
  readonly request: TenancyRequest;
  /** Who is not served; `null` where that is unknown, or not told from an unknown one. */
  readonly tenantId: string | null;
  readonly error: unknown;
}

/** Told when something failed that no caller will see: after the response, or hidden behind a plain 500. */
export interface FailureEvent {
  readonly error: unknown;
  readonly tenantId: string | null;
  readonly origin: Origin;
}
