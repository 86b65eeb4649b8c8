import {
  type Clock,
  ConfigurationError,
  DatabaseNotReadyError,
  outsideTenancy,
  type Placement,
  type Scope,
  systemClock,
  type TenancyBootstrapper,
  type TenancyHost,
  type Tenant,
  type TenantDatabase,
  type TenantDatabaseManager,
  type TenantDatabases,
  TenantMismatchError,
  UnknownDriverError,
  type ValueKey,
  valueKey,
} from "@af-tenancy/core";
import type { SqlEntityManager } from "@mikro-orm/sql";
import type { ConnectionLease } from "../connection/connection-lease.ts";
import { ServerPools } from "../connection/server-pools.ts";
import { consult } from "../doctor/consult.ts";
import type { DoctorOptions } from "../doctor/doctor-options.ts";
import type { Finding } from "../doctor/finding.ts";
import { checkOrmVersion } from "./check-orm-version.ts";
import { closingManager } from "./closing-manager.ts";
import { type MikroOrmDatabasesOptions, withDefaults } from "./mikro-orm-databases-options.ts";
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
import { writeCanary } from "./write-canary.ts";

/** Tenant databases behind MikroORM, and the entity manager of the current tenant. */
export interface MikroOrmDatabases<Entities = DriverEntities["given"]> extends TenantDatabases {
  /**
   * Gives the current tenant's entity manager, inside `em.transactional()` the transaction's. It opens nothing by
   * itself. Throws `NoTenantContextError`, `ContextEndedError` or `DatabaseNotReadyError`.
   */
  em(): SqlEntityManager;
  /**
   * Gives the entities of the current tenant's driver, which are the ones that `em()` knows. Throws as `em()` does.
   */
  entities(): Entities;
  /**
   * Looks for what is wrong with the servers or files around the databases, and changes nothing there. Throws
   * `ConfigurationError`.
   */
  doctor(options?: DoctorOptions): Promise<readonly Finding[]>;
}

/** The entity manager of a scope; `em()` gives the one of the transaction inside it. */
export const TENANT_EM: ValueKey<SqlEntityManager> = valueKey("@af-tenancy/database:em");

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
    bootstrap: (scope) => this.#provide(scope),
  };
  /** Name of the driver, as placements carry it. */
  readonly driver: string;
  readonly known: DriverEntities;
  readonly #driver: TenantDriver;
  readonly #orm: SharedOrm;
  readonly #handles: TenantHandles;
  readonly #manager: TenantDatabaseManager;
  readonly #maxWait: number;
  #pools: ServerPools;
  #host: TenancyHost | undefined;
  #clock: Clock = systemClock();

  constructor(driver: TenantDriver, options: MikroOrmDatabasesOptions<E>) {
    const { entities, maxHandles, maxWait } = withDefaults(options);
    this.driver = driver.manager.driver;
    this.known = entitiesFor(entities, this.driver);
    this.#driver = driver;
    this.#orm = new SharedOrm(driver, this.known);
    this.#maxWait = maxWait;
    this.#pools = this.#makePools();
    this.#handles = new TenantHandles(maxHandles, (database) => {
      return new TenantHandle(database, driver, this.#pools.of(database.placement.server));
    });
    this.#manager = closingManager(driver.manager, this.#handles);
  }

  attach(host: TenancyHost): void {
    if (this.#host !== undefined && this.#host !== host) {
      throw new ConfigurationError(
        "databases",
        "part of another tenancy already",
        "make one for each createTenancy().",
      );
    }
    this.#host = host;
    this.#clock = host.clock;
    this.#pools = this.#makePools();
    this.#driver.attach?.(host);
  }

  async start(): Promise<void> {
    checkOrmVersion();
    await outsideTenancy(() => selfTest(this.#driver, this.#clock));
  }

  async close(): Promise<void> {
    await this.#pools.close();
    this.#handles.clear();
  }

  em(): SqlEntityManager {
    if (this.#host === undefined) {
      throw new ConfigurationError(
        "databases",
        "not part of a tenancy",
        "pass it to createTenancy({ databases }).",
      );
    }
    const own = this.#host.get(TENANT_EM);
    const em = own.getContext(false);
    if (em.getDriver() !== own.getDriver()) {
      throw new TenantMismatchError("The entity manager", em.name, own.name);
    }
    return em;
  }

  entities(): EntitiesOf<E> {
    const { binding } = this.em() as TenantEntityManager;
    return binding?.shared.entities as EntitiesOf<E>;
  }

  doctor(options?: DoctorOptions): Promise<readonly Finding[]> {
    return consult(this.#driver, options, this.#host);
  }

  place(tenantId: string, generation: number, wish?: Partial<Placement>): Placement {
    return this.#driver.place(tenantId, generation, wish);
  }

  manager({ driver }: Placement): TenantDatabaseManager {
    if (driver !== this.#manager.driver) throw new UnknownDriverError(driver);
    return this.#manager;
  }

  async migrate(tenant: Tenant): Promise<void> {
    const database = this.#databaseOf(tenant);
    await this.#use(database, (lease) => this.#orm.schema.create(lease, database.placement.name));
  }

  async verify(tenant: Tenant): Promise<void> {
    const database = this.#databaseOf(tenant);
    await this.#reopen(database);
    await this.#use(database, async (lease) => {
      await this.#orm.schema.check(lease, database.placement.name);
      await writeCanary(lease, database.placement.name);
    });
  }

  /** Nothing happens until somebody asks: then a reference is taken, and the file is opened by the first query. */
  #provide(scope: Scope): void {
    let handle: TenantHandle | undefined;
    scope.provide(
      TENANT_EM,
      () => {
        const retained = this.#handles.retain(this.#databaseOf(scope.tenant));
        handle = retained;
        return this.#orm.entityManager(retained, scope);
      },
      () => {
        if (handle !== undefined) this.#handles.release(handle);
      },
    );
  }

  /** Opens the database as a scope would, but outside of any. */
  async #use(
    database: TenantDatabase,
    work: (lease: ConnectionLease) => Promise<void>,
  ): Promise<void> {
    const handle = this.#handles.retain(database);
    try {
      await outsideTenancy(async () => {
        const lease = await handle.lease();
        try {
          await work(lease);
        } finally {
          await lease.release();
        }
      });
    } finally {
      this.#handles.release(handle);
    }
  }

  /** Has the next lease open the database and check its marker again. */
  async #reopen(database: TenantDatabase): Promise<void> {
    const handle = this.#handles.retain(database);
    try {
      await handle.whileClosed(() => undefined);
    } finally {
      this.#handles.release(handle);
    }
  }

  #makePools(): ServerPools {
    const { connections } = this.#driver;
    return new ServerPools({ connections, clock: this.#clock, maxWait: this.#maxWait });
  }

  #databaseOf({ id, placement }: Tenant): TenantDatabase {
    if (placement === undefined) throw new DatabaseNotReadyError(id, "it has no placement");
    if (placement.driver !== this.#manager.driver) throw new UnknownDriverError(placement.driver);
    return { tenantId: id, placement };
  }
}
