import type { ChangeFeed } from "./change-feed.ts";
import type { TenancyComponent } from "./component.ts";
import type { FleetRecords } from "./fleet-records.ts";
import type { Leases } from "./leases.ts";
import type { MigrationRecords } from "./migration-records.ts";
import type { OperationStore } from "./operations.ts";
import type { Outbox } from "./outbox.ts";
import type { RegistryHistory } from "./registry-history.ts";
import type { TenantStore } from "./store.ts";
import type { Placement, TenantDomain, TenantRecord } from "./tenant.ts";

/** The central register of tenants: read through `store`, changed in transactions. */
export interface CentralRegistry extends TenancyComponent {
  readonly store: TenantStore<TenantRecord>;
  /** The committed changes of the outbox, for whoever follows them. */
  readonly changes: ChangeFeed;
  /** Runs `work` in one transaction: all of it is kept when it resolves, nothing when it rejects. */
  transaction<R>(work: (transaction: RegistryTransaction) => Promise<R>): Promise<R>;
}

/** The writing side of the registry inside one transaction. */
export interface RegistryTransaction extends FleetRecords, MigrationRecords {
  readonly tenants: TenantRegistry;
  readonly operations: OperationStore;
  readonly outbox: Outbox;
  readonly ledger: DatabaseLedger;
  readonly leases: Leases;
  readonly history: RegistryHistory;
}

/** Writes tenants and their domains by compare-and-set. */
export interface TenantRegistry {
  /** Adds a tenant with its domains; throws `SlugTakenError`, `DomainTakenError` or `TenantExistsError`. */
  insert(tenant: TenantRecord, domains: readonly TenantDomain[]): Promise<void>;
  /**
   * Changes a tenant whose version is still `version` and raises it by one; `updatedBy` becomes what the changes say,
   * nobody included. Throws `StaleTenantError`, `SlugTakenError`.
   */
  update(id: string, version: number, changes: TenantChanges): Promise<TenantRecord>;
  /** Forgets a tenant and frees its slug and domains; throws `StaleTenantError`. */
  remove(id: string, version: number): Promise<void>;
  /** Gives a tenant's domains, the primary one first. */
  domains(id: string): Promise<readonly TenantDomain[]>;
  /** Replaces a tenant's domains, keeping the challenges of those that stay; throws `DomainTakenError`. */
  setDomains(id: string, domains: readonly TenantDomain[]): Promise<void>;
}

/** What may change in a tenant; id, version, creation, time of change and time of access are the registry's own. */
export type TenantChanges = Partial<
  Omit<TenantRecord, "id" | "version" | "createdAt" | "createdBy" | "updatedAt" | "lastAccessedAt">
>;

/** Remembers every physical database that was ever begun, so that none is lost and none is dropped by mistake. */
export interface DatabaseLedger {
  /**
   * Writes or replaces the entry of one physical name on its driver and server; throws `DatabaseOwnedError` when it is
   * another tenant's.
   */
  record(entry: LedgerEntry): Promise<void>;
  /** Finds the entry of a physical name, whoever has it. */
  find(placement: Placement): Promise<LedgerEntry | undefined>;
  /** Gives the entries that have what is named, all without a filter. */
  list(filter?: LedgerFilter): Promise<readonly LedgerEntry[]>;
  /** Removes an entry after its database is gone. */
  forget(placement: Placement): Promise<void>;
}

/** Which entries of the ledger are meant. */
export interface LedgerFilter {
  readonly tenantId?: string;
  readonly state?: LedgerEntry["state"];
}

/** One physical database and what is known of it. */
export interface LedgerEntry {
  readonly tenantId: string;
  readonly placement: Placement;
  /**
   * `garbage` is dropped by `repair` after the registry was read again; `adopted` was there before its tenant and is
   * dropped only when that is asked for.
   */
  readonly state: "creating" | "ready" | "adopted" | "garbage";
}
