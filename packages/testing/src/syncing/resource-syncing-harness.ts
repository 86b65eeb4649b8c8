import type { Events, MaybePromise, Tenant } from "@af-tenancy/core";
import type { SyncedPeople } from "./synced-people.ts";

/** How the contract gets at an application that keeps people alike. */
export interface ResourceSyncingHarness {
  /**
   * Starts one application for all tests: `name` and `email` are synced, the role of records that are made elsewhere is
   * "member", what is in the trash is not synced. Each step is given to `queue`.
   */
  start(queue: (step: unknown) => MaybePromise<unknown>): Promise<ResourceSyncingSubject>;
}

/** An application with three tenants. */
export interface ResourceSyncingSubject {
  readonly entities: SyncedPeople;
  readonly tenants: readonly [Tenant, Tenant, Tenant];
  readonly events: Pick<Events, "on">;
  readonly syncing: SyncingCalls;
  /** Runs work with a tenant's entity manager. */
  run<R>(tenant: Tenant, work: (em: SyncedManager) => Promise<R>): Promise<R>;
  /** Makes an entity manager of the central database. */
  central(): SyncedManager;
  close(): Promise<void>;
}

/** What the contract uses of resource syncing. */
export interface SyncingCalls {
  attachRecords(records: object, tenants: readonly Tenant[]): Promise<void>;
  detachRecords(records: object, tenants: readonly Tenant[]): Promise<void>;
  mappings(only: { globalId: string }): Promise<readonly { readonly tenantId: string }[]>;
  perform(step: never): Promise<void>;
  deliver(): Promise<{ readonly steps: number; readonly failures: readonly unknown[] }>;
}

/** What the contract uses of an entity manager. */
export interface SyncedManager {
  create(entity: unknown, data: object): unknown;
  flush(): Promise<void>;
  findOne(entity: unknown, where: object): Promise<PersonRecord | null>;
  remove(record: object): SyncedManager;
}

/** A person of either side. */
export interface PersonRecord {
  readonly id: number;
  readonly globalId: string;
  name: string;
  email: string | null;
  born: Date | null;
  role: string;
  deletedAt: Date | null;
}
