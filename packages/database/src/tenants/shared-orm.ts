import {
  ConfigurationError,
  isTenancyError,
  NoTenantContextError,
  outsideTenancy,
} from "@af-tenancy/core";
import { type AbstractSqlConnection, MikroORM } from "@mikro-orm/sql";
import type { ConnectionSource } from "../connection/connection-source.ts";
import { everlastingScope, type LeaseScope } from "../connection/lease-scope.ts";
import { leasingDialects, type MakeLeasingDialect } from "../connection/leasing-dialect.ts";
import { LeasingDriver } from "../connection/leasing-driver.ts";
import { queryChannel } from "../connection/query-channel.ts";
import type { RefuseWrite } from "../connection/read-only-driver.ts";
import { type ReadOnlyView, readOnlySource } from "../connection/read-only-source.ts";
import { toldSource } from "../connection/told-source.ts";
import { ReadOnlyManagerError } from "../errors.ts";
import { guard, RowFleet } from "../row/row-fleet.ts";
import type { RowOptions } from "../row/row-options.ts";
import type { RowScope } from "../row/row-scope.ts";
import type { WatchedOrm } from "../syncing/sync-site.ts";
import { bulkScope } from "./bulk-scope.ts";
import { confirmingDatabase, type IsMissing } from "./confirm-database.ts";
import { CrossTenantGuard } from "./cross-tenant-guard.ts";
import { bindingOf, driverFacades, type MakeDriver, refuseConnections } from "./driver-facades.ts";
import {
  entityManagerOn,
  type ScopeConnectionClass,
  type ScopeWay,
  scopeConnectionClass,
} from "./mikro-orm-internals.ts";
import type { ReadFrom } from "./read-from.ts";
import { refusingSecond } from "./refusing-second.ts";
import { readingSource } from "./replica-source.ts";
import { ScopeBinding, type SharedState } from "./scope-binding.ts";
import type { TenantDriver } from "./tenant-driver.ts";
import type { DriverEntities, TenantEntity } from "./tenant-entities.ts";
import { TenantEntityManager } from "./tenant-entity-manager.ts";
import { TenantSchema } from "./tenant-schema.ts";
import type { TenantSource } from "./tenant-source.ts";

/** The one MikroORM that all tenants of a driver share: metadata, hydrators and configuration, but no connection. */
export class SharedOrm {
  readonly schema: TenantSchema;
  /** What the tenants of a fleet with shared tables have in common. */
  readonly rows: RowFleet | undefined;
  /** What is watched when records are kept in sync. */
  readonly watched: WatchedOrm;
  readonly #orm: MikroORM;
  readonly #Connection: ScopeConnectionClass;
  readonly #dialect: MakeLeasingDialect;
  readonly #driver: MakeDriver;
  readonly #shared: SharedState;
  readonly #readOnlyView: ReadOnlyView;
  readonly #isMissing: IsMissing;
  #scopes = 0;

  constructor(driver: TenantDriver, entities: DriverEntities, rows?: RowOptions) {
    this.#shared = {
      entities: entities.given,
      newcomers: new WeakMap(),
      connect: (binding) => this.#connect(binding),
      confirming: ({ source, scope }) => confirmingDatabase(source, scope, this.#isMissing),
      advanceKeys: driver.advanceKeys?.bind(driver),
      rowValues: driver.rowValues,
      readOnlyFrom: driver.readOnlyFrom ?? "any",
      makeReader: (binding, from) => this.#makeReader(binding, from),
      makeBulk: ({ source, scope, refuseWrite, rows }) =>
        this.entityManager(source, bulkScope(scope), refuseWrite, rows),
      makeUnscoped: (binding) => this.#makeUnscoped(binding),
    };
    this.#orm = outsideTenancy(() => discover(driver, entities.list));
    this.#Connection = scopeConnectionClass(this.#orm.driver);
    this.#dialect = leasingDialects(driver.grammar);
    this.#readOnlyView = driver.readOnly;
    this.rows = rows && new RowFleet(this.#orm, rows, driver.scopesRows === true, rowScopeOf);
    this.#driver = driverFacades(this.rows?.driver ?? this.#orm.driver, isTenancyError);
    this.#isMissing = (error) => driver.isMissing?.(error) ?? false;
    this.schema = new TenantSchema(this.#orm, driver.makeTables, this.rows?.generator);
    refuseConnections(this.#orm.driver, () => {
      throw new NoTenantContextError("The shared MikroORM");
    });
    this.watched = {
      metadata: this.#orm.getMetadata(),
      watch: (subscriber, watch) => {
        this.#orm.em.getEventManager().registerSubscriber(subscriber);
        this.#shared.watch = watch;
      },
    };
  }

  /** Makes the entity manager of one scope, which with `refuseWrite` can only read; opens nothing. */
  entityManager(
    source: TenantSource,
    scope: LeaseScope,
    refuseWrite?: RefuseWrite,
    rows = this.rows?.scope(source.database),
  ): TenantEntityManager {
    const number = ++this.#scopes;
    const binding = new ScopeBinding(source, scope, number, this.#shared, refuseWrite, rows);
    const em = entityManagerOn(this.#orm, TenantEntityManager, this.#driver(binding));
    em.followsTransactions = true;
    return em;
  }

  /** Makes the entity manager of migrations: rows of shared tables are no tenant's there. */
  migrating(source: TenantSource): TenantEntityManager {
    const rows = this.rows?.scope(source.database);
    const open = rows && { ...rows, signing: undefined };
    return this.entityManager(source, everlastingScope(), undefined, open);
  }

  #connect(binding: ScopeBinding): AbstractSqlConnection {
    const { source, scope, refuseWrite, rows } = binding;
    const { name } = source.database.placement;
    const leases = this.#leases(source, refuseWrite);
    const way: ScopeWay = {
      dialect: () => guard(this.#dialect(leases, scope), rows),
      statements: rows?.signing === undefined ? new LeasingDriver(leases, scope) : undefined,
      hold: () => scope.lease(),
      confirm: (error) => binding.confirm(error),
    };
    return new this.#Connection(this.#orm, name, way, source);
  }

  #leases(source: TenantSource, refuseWrite: RefuseWrite | undefined): ConnectionSource {
    const own = refusingSecond(source);
    const leases = queryChannel.hasSubscribers ? this.#told(own, source) : own;
    if (refuseWrite === undefined) return leases;
    return readOnlySource(leases, refuseWrite, this.#readOnlyView);
  }

  #told(leases: ConnectionSource, { database }: TenantSource): ConnectionSource {
    const [quote = ""] = this.#orm.driver.getPlatform().quoteIdentifier("name");
    return toldSource(leases, database, quote);
  }

  #makeReader({ source, scope, tenantId }: ScopeBinding, from: ReadFrom): TenantEntityManager {
    const refuseWrite = (options?: ErrorOptions) => new ReadOnlyManagerError(tenantId, options);
    return this.entityManager(readingSource(source, from), scope, refuseWrite);
  }

  #makeUnscoped({ source, scope, refuseWrite, rows }: ScopeBinding): TenantEntityManager {
    return this.entityManager(source, scope, refuseWrite, rows && { ...rows, signing: undefined });
  }
}

function rowScopeOf(driver: object): RowScope | undefined {
  return (bindingOf(driver) as ScopeBinding | undefined)?.rows;
}

function discover(driver: TenantDriver, entities: readonly TenantEntity[]): MikroORM {
  try {
    return new MikroORM({
      driver: driver.orm,
      dbName: ":memory:",
      entities: [...entities],
      entityManager: TenantEntityManager,
      subscribers: [new CrossTenantGuard()],
      contextName: "af-tenancy-tenants",
      allowGlobalContext: false,
      ensureDatabase: false,
    });
  } catch (cause) {
    const remedy = "mend the entity that MikroORM names in the cause.";
    throw new ConfigurationError("entities", `refused: ${String(cause)}`, remedy, { cause });
  }
}
