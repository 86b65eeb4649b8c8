import type {
  MaybePromise,
  SeedingRun,
  SeedRequest,
  Tenant,
  TenantDatabases,
} from "@af-tenancy/core";
import type { SqlEntityManager } from "@mikro-orm/sql";
import type { DoctorOptions } from "../doctor/doctor-options.ts";
import type { Finding } from "../doctor/finding.ts";
import type { TenantData } from "../transfer/tenant-data.ts";
import type { DatabaseStatistics } from "./database-statistics.ts";
import { DriverDatabases } from "./driver-databases.ts";
import type { EntityManagerOptions } from "./manager-options.ts";
import type { MikroOrmDatabasesOptions } from "./mikro-orm-databases-options.ts";
import type { ReadOnlyOptions } from "./read-from.ts";
import type { TenantDriver } from "./tenant-driver.ts";
import type { DriverEntities, EntitiesOf, TenantEntities } from "./tenant-entities.ts";

/** Tenant databases behind MikroORM, and the entity manager of the current tenant. */
export interface MikroOrmDatabases<Entities = DriverEntities["given"]> extends TenantDatabases {
  /**
   * Gives the current tenant's entity manager, inside `em.transactional()` the transaction's. It opens nothing by
   * itself, and is that tenant's also where another one is current. The one for background work (`lane`) has an identity
   * map and transactions of its own. Throws `NoTenantContextError`, `ContextEndedError`, `DatabaseNotReadyError` or
   * `InvalidInputError`.
   */
  em(options?: EntityManagerOptions): SqlEntityManager;
  /** Tells how the connections to each server are used; one that was never used is not there. */
  stats(): readonly DatabaseStatistics[];
  /**
   * Gives an entity manager of the current tenant that can only read; what would write throws `ReadOnlyManagerError`.
   * It has an identity map of its own. Where the tenant's server has read replicas it reads from them, unless `from`
   * says otherwise, and so may see what is a little old. Throws as `em()` does, and `ConfigurationError` for a replica
   * that there is not.
   */
  readOnly(options?: ReadOnlyOptions): SqlEntityManager;
  /**
   * Makes an entity manager of the application's one central database, each time another one: it is in no transaction
   * but those that it begins itself, wherever it is asked for. Throws `ConfigurationError` when none is configured.
   */
  central(): SqlEntityManager;
  /**
   * Gives the entities of the current tenant's driver, which are the ones that `em()` knows. Throws as `em()` does.
   */
  entities(): Entities;
  /** Takes rows of tenants out and puts rows in: export, import, and copies from one tenant to another. */
  readonly data: TenantData;
  /**
   * Runs seeders of one tenant, as `seeding.run` does, whose errors it throws; `ConfigurationError` where there are none.
   */
  seed(tenant: Tenant, request?: SeedRequest): Promise<SeedingRun>;
  /**
   * Looks for what is wrong with the servers or files around the databases, and changes nothing there. Throws
   * `ConfigurationError`, and `InvalidInputError` when `tenants` are no records of tenants.
   */
  doctor(options?: DoctorOptions): Promise<readonly Finding[]>;
  /**
   * Runs work with an entity manager of the current tenant that takes raw SQL and Kysely also where nothing but the
   * application then keeps tenants' rows apart: in shared tables on engines without row-level security. `reason` goes
   * to the channel `af-tenancy:unscoped`. Throws as `em()` does.
   */
  unscoped<R>(reason: string, work: (em: SqlEntityManager) => MaybePromise<R>): Promise<R>;
}

/**
 * Makes tenant databases on a driver: one MikroORM for all tenants and a handle per tenant. Driver packages call it.
 * Throws `ConfigurationError`.
 */
export function mikroOrmDatabases<E extends TenantEntities>(
  driver: TenantDriver,
  options: MikroOrmDatabasesOptions<E>,
): MikroOrmDatabases<EntitiesOf<E>> {
  return new DriverDatabases(driver, options);
}
