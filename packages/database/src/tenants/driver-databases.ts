import {
  type Clock,
  type MaybePromise,
  outsideTenancy,
  type Placement,
  type Scope,
  type SeedingRun,
  type SeedRequest,
  type TenancyHost,
  type Tenant,
  type TenantDatabase,
  type TenantDatabaseManager,
  type TenantDatabases,
  UnknownDriverError,
} from "@af-tenancy/core";
import type { SqlEntityManager } from "@mikro-orm/sql";
import { rowCopies } from "../clone/tenant-cloning.ts";
import type { DriverConnections } from "../connection/driver-connections.ts";
import { ServerPools, type ServerPoolsOptions } from "../connection/pool/server-pools.ts";
import { consult } from "../doctor/consult.ts";
import type { DoctorOptions } from "../doctor/doctor-options.ts";
import type { Finding } from "../doctor/finding.ts";
import { DriverMigrations } from "../migrations/driver-migrations.ts";
import { type MigratedSchema, migratedSchema } from "../migrations/migrated-schema.ts";
import type { RowTables } from "../row/row-tables.ts";
import type { DriverSeeding } from "../seeding/driver-seeding.ts";
import { seedersOf, seedingOf } from "../seeding/seeding-of.ts";
import type { SyncedDatabases, SyncSite } from "../syncing/sync-site.ts";
import { type TenantData, tenantData } from "../transfer/tenant-data.ts";
import { type CentralDatabase, centralOf, noCentral } from "./central-database.ts";
import { reachingCentral } from "./central-target.ts";
import { checkOrmVersion } from "./check-orm-version.ts";
import { CurrentDatabase, managerBootstrapper } from "./current-database.ts";
import { databaseOf } from "./database-of.ts";
import type { DatabaseStatistics } from "./database-statistics.ts";
import { FleetStrategies } from "./fleet-strategies.ts";
import type { EntityManagerOptions } from "./manager-options.ts";
import type { MikroOrmDatabases } from "./mikro-orm-databases.ts";
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
import { type WithinTenant, withinTenants } from "./within-tenant.ts";
import { writeRefusal } from "./write-refusal.ts";

/** The tenant databases of one driver. */
export class DriverDatabases<E extends TenantEntities = TenantEntities>
  implements MikroOrmDatabases<EntitiesOf<E>>, SyncedDatabases
{
  readonly name = "databases";
  readonly bootstrapper = managerBootstrapper(
    (scope) => this.#makeManager(scope),
    (em) => this.#letGo(em),
  );
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
  readonly migrations: DriverMigrations | undefined;
  /** Absent where the driver copies no rows. */
  readonly copyRows?: NonNullable<TenantDatabases["copyRows"]>;
  readonly seeding: DriverSeeding | undefined;
  readonly templates: TenantDriver["templates"];
  readonly data: TenantData;
  readonly within: WithinTenant;
  readonly #tables: MigratedSchema | undefined;
  readonly #central: CentralDatabase | undefined;
  readonly #connections: DriverConnections;
  readonly #current = new CurrentDatabase();
  readonly #limits: Pick<ServerPoolsOptions, "maxWait" | "checkoutDeadline">;
  #pools: ServerPools;

  constructor(driver: TenantDriver, options: MikroOrmDatabasesOptions<E>) {
    const { entities, maxHandles, strategies, rows, migrations, seeders, ...limits } =
      withDefaults(options);
    this.driver = driver.manager.driver;
    this.templates = driver.templates;
    this.known = entitiesFor(entities, this.driver);
    this.#driver = driver;
    this.#orm = new SharedOrm(driver, this.known, rows);
    this.rows = this.#orm.rows?.tables;
    this.#tables = migratedSchema(driver, this.#orm, migrations, () => this.#current.clock);
    const tables = this.#tables ?? this.#orm.schema;
    driver.copies?.(tables);
    this.#limits = limits;
    const reached = reachingCentral(driver);
    this.#connections = reached.connections;
    this.#pools = this.#makePools();
    const now = () => this.#current.clock.monotonic();
    this.#handles = new TenantHandles(maxHandles, now, (database) => {
      return new TenantHandle(database, reached, this.#pools.of(database.placement.server), () =>
        tenantReplicas(database, reached, this.#pools.replicasOf(database.placement.server)),
      );
    });
    this.#strategies = new FleetStrategies(strategies, driver, this.#orm.rows, this.#handles);
    this.#preparation = new TenantPreparation(this.#handles, tables, this.#strategies, driver);
    const placed = (tenant: Tenant) => this.#databaseOf(tenant);
    this.migrations = this.#tables && new DriverMigrations(this.#tables, placed, this.#preparation);
    const { listTables } = this.#orm.schema;
    const copies = rowCopies(driver, this.#preparation, this.rows, listTables, this.migrations);
    if (copies !== undefined) {
      this.copyRows = async (source, tenant, signal) =>
        copies(this.#databaseOf(source), this.#databaseOf(tenant), signal);
    }
    this.seeding = seedingOf(driver, seeders, this.known, {
      ...{ databaseOf: placed, preparation: this.#preparation, handles: this.#handles, listTables },
      host: () => this.#current.assertAttached(),
    });
    this.within = withinTenants(this.#orm, this.#handles, placed);
    this.data = tenantData({
      clock: () => this.#current.clock,
      current: () => this.em({ lane: "bulk" }),
      within: (...given) => this.within(...given),
    });
    this.hasCentral = driver.central !== undefined;
    this.#central = centralOf(driver, this.known.list, this.#handles);
  }

  get clock(): Clock {
    return this.#current.clock;
  }

  attach(host: TenancyHost): void {
    this.#current.attach(host);
    this.#pools = this.#makePools();
    this.#driver.attach?.(host);
  }

  async start(): Promise<void> {
    checkOrmVersion();
    this.#pools = this.#pools.opened;
    await this.#tables?.load();
    await outsideTenancy(() => selfTest(this.#driver, this.#current.clock));
    await outsideTenancy(() => this.#strategies.prove());
    await this.#central?.start();
  }

  async close(): Promise<void> {
    await this.#pools.close(closingGrace);
    this.#handles.clear();
    await this.#driver.close?.();
  }

  get syncSites(): readonly SyncSite[] {
    const { driver } = this;
    const tenants = this.#orm.watched;
    const within: SyncSite["within"] = (tenant, work) => this.within(tenant, {}, work);
    return [{ driver, tenants, central: this.#central?.site, within }];
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
    const { rows: sharedTables, migrations } = this;
    return consult(this.#driver, options, { host: this.#current.host, sharedTables, migrations });
  }

  async seed(tenant: Tenant, request?: SeedRequest): Promise<SeedingRun> {
    return seedersOf(this).run(tenant, request);
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
    const database = this.#databaseOf(tenant);
    if (!this.#driver.isFinished?.(database)) await this.#preparation.migrate(database);
  }

  async verify(tenant: Tenant): Promise<void> {
    await this.#preparation.verify(this.#databaseOf(tenant));
  }

  /** Nothing happens until somebody asks: then a reference is taken, and the file is opened by the first query. */
  #makeManager(scope: Scope): SqlEntityManager {
    const refuseWrite = writeRefusal(scope.tenant);
    const handle = this.#handles.retain(this.#databaseOf(scope.tenant));
    return this.#orm.entityManager(handle, scope, refuseWrite);
  }

  #letGo(em: SqlEntityManager): void {
    const { binding } = em as TenantEntityManager;
    if (binding !== undefined) this.#handles.release(binding.home as TenantHandle);
  }

  #makePools(): ServerPools {
    const parts = { connections: this.#connections, clock: this.#current.clock };
    return new ServerPools({ ...this.#limits, ...parts, depth: heldByCaller });
  }

  #databaseOf(tenant: Tenant): TenantDatabase {
    return databaseOf(tenant, this.driver, this.#strategies);
  }
}

/** Milliseconds that leases get to end when everything is closed. */
const closingGrace = 5_000;
