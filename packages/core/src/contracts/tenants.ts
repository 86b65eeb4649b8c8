import type { TenancyComponent } from "./component.ts";
import type { FleetMigrations } from "./fleet-migrations.ts";
import type { FleetSeeding } from "./fleet-seeding.ts";
import type { OperationRecord } from "./operations.ts";
import type { TenantStock } from "./pending-tenants.ts";
import type { TenantChanges } from "./registry.ts";
import type {
  JsonValue,
  Placement,
  TenantDomain,
  TenantLike,
  TenantMetadata,
  TenantRecord,
  TenantReference,
} from "./tenant.ts";
import type { TenantLife } from "./tenant-life.ts";

/** Changes the fleet: what `tenancy.tenants` offers to applications, commands and admin routes. */
export interface TenantOperations
  extends TenancyComponent,
    TenantLife,
    TenantRemoval,
    TenantRehearsal,
    TenantSchemas,
    TenantStock {
  /** Makes a tenant, ready to be entered; with an idempotency key a repeated call continues or returns the first one. */
  create(input: NewTenant): Promise<TenantRecord>;
  /**
   * Makes a tenant of a database that is there already and bears no other tenant's marker; it is never dropped unless
   * `purge` is told so. With an idempotency key a repeated call continues or returns the first one.
   */
  adopt(input: AdoptedTenant): Promise<TenantRecord>;
  /**
   * Makes a tenant with a copy of an active one's data, which others may use meanwhile, and of its plan, metadata and
   * homepage where the input has none. With an idempotency key a repeated call continues or returns the first one. Throws
   * `TenantNotClonableError`.
   */
  clone(source: TenantLike, input: ClonedTenant): Promise<TenantRecord>;
  /**
   * Changes attributes or domains of a tenant; listeners may veto. A change of slug, name or domains is an operation of
   * the journal. With an idempotency key a repeated call changes nothing and gives the tenant as it is.
   */
  update(tenant: TenantLike, changes: TenantUpdate): Promise<TenantRecord>;
  /**
   * Gives a tenant's domains as the registry has them, the primary one first, also those that are not verified; `find({
   * by: "domain", value })` of the tenancy gives the tenant of a verified one. Throws `TenantNotFoundError`.
   */
  domains(tenant: TenantLike): Promise<readonly TenantDomain[]>;
  /** Runs a registered operation for one tenant, journalled. */
  run(kind: string, tenant: TenantLike, input: JsonValue): Promise<OperationRecord>;
  /**
   * Finishes or discards what crashes left behind, and sweeps databases that nobody owns any more. Throws
   * `ConfigurationError` for options that it does not know, before anything is changed.
   */
  repair(options?: RepairOptions): Promise<RepairReport>;
}

/** Tells beforehand what would be refused. */
export interface TenantRehearsal {
  /**
   * Throws what `create` would throw before anything is made, or `update` of the tenant that is given, and changes nothing:
   * forms of values, names that are reserved or taken, those of databases as the registry has them. Neither servers nor
   * listeners are asked.
   */
  rehearse(wanted: NewTenant | TenantUpdate, tenant?: TenantLike): Promise<void>;
}

/** Keeps the schemas of tenants up to date, and puts into them what they begin with. */
export interface TenantSchemas {
  /** Migrates the fleet by plans; throws `ConfigurationError` where the tenant databases have no migrations. */
  readonly migrations: FleetMigrations;
  /** Seeds the fleet; throws `ConfigurationError` where the tenant databases have no seeders. */
  readonly seeding: FleetSeeding;
}

/** Deletes tenants for good: their databases are dropped, and only their ids are remembered. */
export interface TenantRemoval {
  /**
   * Drops a tenant's database, frees its slug and domains, and forgets it. A call that stopped is continued by the same
   * call or by `repair`. Throws `TenantNotDeletedError` while it can still be restored.
   */
  purge(tenant: TenantLike, options?: PurgeOptions): Promise<OperationRecord>;
  /**
   * Purges several tenants, one after the other. Without `plan` nothing is changed, and the report says what would be;
   * with the plan of that report it is done, if nothing has changed since. Throws `PlanChangedError` otherwise.
   */
  purgeAll(tenants: readonly TenantReference[], options?: PurgeAllOptions): Promise<PurgeReport>;
}

/** How a tenant is purged. */
export interface PurgeOptions {
  /** Purges also a tenant that was not deleted before, or can still be restored. */
  readonly skipGrace?: boolean;
  /**
   * What a database that cannot be dropped means: `stop` keeps the tenant and throws; `leave` forgets the tenant and
   * keeps the database in the ledger, for `repair` to drop. `stop` when absent.
   */
  readonly ifDropFails?: "stop" | "leave";
  /** Drops also a database that was there before its tenant and was adopted. */
  readonly dropAdopted?: boolean;
}

/** How several tenants are purged. */
export interface PurgeAllOptions extends PurgeOptions {
  /** The plan that the same call without it gave. */
  readonly plan?: string;
}

/** What `purgeAll` did, or would do. */
export interface PurgeReport {
  /** Names exactly these tenants in exactly this state. */
  readonly plan: string;
  readonly tenants: readonly TenantRecord[];
  /** Ids of the tenants that are gone now; none while nothing was done. */
  readonly purged: readonly string[];
  readonly failed: readonly FailedPurge[];
}

/** A tenant that could not be purged. */
export interface FailedPurge {
  readonly tenantId: string;
  readonly error: unknown;
}

/** What a new tenant is made from; everything but the slug has a default. */
export interface NewTenant {
  readonly slug: string;
  readonly id?: string;
  /** Shown to people; the slug when absent. */
  readonly name?: string;
  /** Host names, the first one primary. */
  readonly domains?: readonly string[];
  readonly plan?: string;
  readonly metadata?: TenantMetadata;
  /** Whether its root address shows a home page of its own; `false` when absent. */
  readonly homepage?: boolean;
  readonly placement?: Partial<Placement>;
  /** `false` makes the tenant without a database of its own; then it has no placement. */
  readonly database?: boolean;
  /** Makes the call repeatable: the same key never makes a second tenant. */
  readonly idempotencyKey?: string;
}

/** What a tenant is made from whose database is there already. */
export interface AdoptedTenant extends Omit<NewTenant, "placement" | "database"> {
  /** Where the database is; the rest is as for a new tenant. */
  readonly placement: Partial<Placement> & Pick<Placement, "name">;
}

/** What a tenant is made from that begins as a copy of another one. */
export interface ClonedTenant extends Omit<NewTenant, "placement" | "database"> {
  /** Where its data shall live; driver and strategy are those of the other one. */
  readonly placement?: Partial<Pick<Placement, "server" | "name" | "secret">>;
}

/** What callers may change; status and placement belong to operations. */
export interface TenantUpdate
  extends Pick<TenantChanges, "slug" | "name" | "plan" | "metadata" | "homepage"> {
  readonly domains?: readonly string[];
  /**
   * The names of its domains as `domains()` gave them when the new list was made from them: where they are others by now,
   * the change is refused with `StaleTenantError`, so that nothing that was added meanwhile is taken away again.
   */
  readonly expectedDomains?: readonly string[];
  /** Makes the call repeatable: the same key never makes the same change a second time. */
  readonly idempotencyKey?: string;
}

/** How far `repair` may go. */
export interface RepairOptions {
  /** Reports what would be done and does nothing. */
  readonly dryRun?: boolean;
}

/** What `repair` did, or would do. */
export interface RepairReport {
  /** Operations that were finished. */
  readonly finished: readonly OperationRecord[];
  /** Operations that stay unfinished, with their error. */
  readonly failed: readonly OperationRecord[];
  /** Databases that were dropped because their generation is over. */
  readonly swept: readonly Placement[];
}
