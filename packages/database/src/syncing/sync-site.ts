import type { TenantRecord } from "@af-tenancy/core";
import type { EventSubscriber, MetadataStorage, SqlEntityManager } from "@mikro-orm/sql";

/** The databases of one driver, as syncing sees them. */
export interface SyncSite {
  /** Name of the driver, as placements carry it. */
  readonly driver: string;
  readonly tenants: WatchedOrm;
  /** The application's central database, where it is on this driver. */
  readonly central: CentralSite | undefined;
  /** Runs work with an entity manager of a tenant, which needs no scope and is in no transaction. */
  within<R>(tenant: TenantRecord, work: (em: SqlEntityManager) => Promise<R>): Promise<R>;
}

/** The central database of a site. */
export interface CentralSite extends WatchedOrm {
  /** Makes an entity manager, each time another one. */
  em(): SqlEntityManager;
}

/** A MikroORM whose flushes are watched. */
export interface WatchedOrm {
  readonly metadata: MetadataStorage;
  /** Has a subscriber hear of every flush, and a watch of every transaction that is over. */
  watch(subscriber: EventSubscriber, watch: TransactionWatch): void;
}

/** Hears when work of an entity manager is over, outside of its transaction; it never throws. */
export interface TransactionWatch {
  /** A transaction, or a flush in one of its own, is over. */
  settle(em: object): Promise<void>;
  /** A transaction inside another one's is over. */
  fold(inner: object, outer: object): void;
}

/** Databases whose records can be synced. */
export interface SyncedDatabases {
  readonly syncSites: readonly SyncSite[];
}

/** Tells whether databases are MikroORM's, and so can be synced. */
export function areSynced(databases: object): databases is SyncedDatabases {
  return "syncSites" in databases;
}
