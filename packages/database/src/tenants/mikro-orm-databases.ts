import {
  type CreateValue,
  DatabaseNotReadyError,
  type MaybePromise,
  outsideTenancy,
  type Placement,
  type TenancyBootstrapper,
  type TenancyHost,
  type Tenant,
  type TenantDatabase,
  type TenantDatabaseManager,
  type TenantDatabases,
  UnknownDriverError,
} from "@af-tenancy/core";
import type { SqlEntityManager } from "@mikro-orm/sql";
import type { DriverConnections } from "../connection/driver-connections.ts";
import { ServerPools, type ServerPoolsOptions } from "../connection/pool/server-pools.ts";
import { consult } from "../doctor/consult.ts";
import type { DoctorOptions } from "../doctor/doctor-options.ts";
import type { Finding } from "../doctor/finding.ts";
import type { RowTables } from "../row/row-tables.ts";
import { type CentralDatabase, centralOf, noCentral } from "./central-database.ts";
import { reachingCentral } from "./central-target.ts";
import { checkOrmVersion } from "./check-orm-version.ts";
import { CurrentDatabase, TENANT_EM } from "./current-database.ts";
import type { DatabaseStatistics } from "./database-statistics.ts";
import { FleetStrategies } from "./fleet-strategies.ts";
import type { EntityManagerOptions } from "./manager-options.ts";
import { type MikroOrmDatabasesOptions, withDefaults } from "./mikro-orm-databases-options.ts";
import { heldByCaller } from "./open-transactions.ts";
import type { ReadOnlyOptions } from "./read-from.ts";
import { selfTest } from "./self-test.ts";
import { SharedOrm } from "./shared-orm.ts";
import type { TenantDriver } from "./tenant-driver.ts";
import {
  type DriverEntities,
  type EntitiesOf,
  entitiesFor,
  type TenantEntities,
} from "./tenant-entities.ts";
import type { TenantEntityManager } from "./tenant-entity-manager.ts";
import { TenantHandle } from "./tenant-handle.ts";
import { TenantHandles } from "./tenant-handles.ts";
import { TenantPreparation } from "./tenant-preparation.ts";
import { tenantReplicas } from "./tenant-replicas.ts";
import { writeRefusal } from "./write-refusal.ts";

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
  /**
   * Looks for what is wrong with the servers or files around the databases, and changes nothing there. Throws
   * `ConfigurationError`.
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

/** The tenant databases of one driver. */
export class DriverDatabases<E extends TenantEntities = TenantEntities>
  implements MikroOrmDatabases<EntitiesOf<E>>
{
  readonly name = "databases";
  readonly bootstrapper: TenancyBootstrapper = {
    name: "database",
    bootstrap: (scope) => scope.provide(TENANT_EM, this.#makeManager, this.#letGo),
  };
  /** Name of the driver, as placements carry it. */
  readonly driver: string;
  readonly known: DriverEntities;
  /** Which tables carry the tenant column; `undefined` where no tenants share tables. */
  readonly rows: RowTables | undefined;
  /** The application's central database is on this driver. */
  readonly hasCentral: boolean;
  readonly #driver: TenantDriver;
  readonly #orm: SharedOrm;
  readonly #handles: TenantHandles;
  readonly #strategies: FleetStrategies;
  readonly #preparation: TenantPreparation;
  readonly #central: CentralDatabase | undefined;
  readonly #connections: DriverConnections;
  readonly #current = new CurrentDatabase();
  readonly #limits: Pick<ServerPoolsOptions, "maxWait" | "checkoutDeadline">;
  #pools: ServerPools;

  constructor(driver: TenantDriver, options: MikroOrmDatabasesOptions<E>) {
    const { entities, maxHandles, strategies, rows, ...limits } = withDefaults(options);
    this.driver = driver.manager.driver;
    this.known = entitiesFor(entities, this.driver);
    this.#driver = driver;
    this.#orm = new SharedOrm(driver, this.known, rows);
    this.rows = this.#orm.rows?.tables;
    driver.copies?.(this.#orm.schema);
    this.#limits = limits;
    const reached = reachingCentral(driver);
    this.#connections = reached.connections;
    this.#pools = this.#makePools();
    const now = () => this.#current.clock.monotonic();
    this.#handles = new TenantHandles(maxHandles, now, (database) => {
      const { server } = database.placement;
      return new TenantHandle(database, reached, this.#pools.of(server), () =>
        tenantReplicas(database, reached, this.#pools.replicasOf(server)),
      );
    });
    this.#strategies = new FleetStrategies(strategies, driver, this.#orm.rows, this.#handles);
    this.#preparation = new TenantPreparation(
      ...([this.#handles, this.#orm.schema, this.#strategies] as const),
    );
    this.hasCentral = driver.central !== undefined;
    this.#central = centralOf(driver, this.known.list, this.#handles);
  }

  attach(host: TenancyHost): void {
    this.#current.attach(host);
    this.#pools = this.#makePools();
    this.#driver.attach?.(host);
  }

  async start(): Promise<void> {
    checkOrmVersion();
    await outsideTenancy(() => selfTest(this.#driver, this.#current.clock));
    await outsideTenancy(() => this.#strategies.prove());
    await this.#central?.start();
  }

  async close(): Promise<void> {
    await this.#pools.close(closingGrace);
    this.#handles.clear();
  }

  stats(): readonly DatabaseStatistics[] {
    return this.#pools.statistics().map((pool) => ({ driver: this.driver, ...pool }));
  }

  em(options?: EntityManagerOptions): SqlEntityManager {
    return this.#current.em(options);
  }

  readOnly(options?: ReadOnlyOptions): SqlEntityManager {
    return this.#current.readOnly(options);
  }

  central(): SqlEntityManager {
    this.#current.assertAttached();
    if (this.#central === undefined) throw noCentral();
    return this.#central.em();
  }

  entities(): EntitiesOf<E> {
    return this.#current.entities() as EntitiesOf<E>;
  }

  doctor(options?: DoctorOptions): Promise<readonly Finding[]> {
    const { host } = this.#current;
    return consult(this.#driver, options, { host, sharedTables: this.rows });
  }

  unscoped<R>(reason: string, work: (em: SqlEntityManager) => MaybePromise<R>): Promise<R> {
    return this.#current.unscoped(reason, work);
  }

  place(tenantId: string, generation: number, wish?: Partial<Placement>): Placement {
    const placement = this.#driver.place(tenantId, generation, wish);
    this.#strategies.check(placement);
    return placement;
  }

  manager(placement: Placement): TenantDatabaseManager {
    if (placement.driver !== this.driver) throw new UnknownDriverError(placement.driver);
    return this.#strategies.manager(placement);
  }

  async migrate(tenant: Tenant): Promise<void> {
    await this.#preparation.migrate(this.#databaseOf(tenant));
  }

  async verify(tenant: Tenant): Promise<void> {
    await this.#preparation.verify(this.#databaseOf(tenant));
  }

  /** Nothing happens until somebody asks: then a reference is taken, and the file is opened by the first query. */
  readonly #makeManager: CreateValue<SqlEntityManager> = (_get, scope) => {
    const refuseWrite = writeRefusal(scope.tenant);
    const handle = this.#handles.retain(this.#databaseOf(scope.tenant));
    return this.#orm.entityManager(handle, scope, refuseWrite);
  };

  readonly #letGo = (em: SqlEntityManager): void => {
    const { binding } = em as TenantEntityManager;
    if (binding !== undefined) this.#handles.release(binding.source as TenantHandle);
  };

  #makePools(): ServerPools {
    const connections = this.#connections;
    const { clock } = this.#current;
    return new ServerPools({ ...this.#limits, connections, clock, depth: heldByCaller });
  }

  #databaseOf({ id, placement }: Tenant): TenantDatabase {
    if (placement === undefined) throw new DatabaseNotReadyError(id, "it has no placement");
    if (placement.driver !== this.driver) throw new UnknownDriverError(placement.driver);
    this.#strategies.check(placement);
    return { tenantId: id, placement };
  }
}

/** Milliseconds that leases get to end when everything is closed. */
const closingGrace = 5_000;
