import {
  ConfigurationError,
  isTenancyError,
  NoTenantContextError,
  outsideTenancy,
} from "@af-tenancy/core";
import { MikroORM } from "@mikro-orm/sql";
import type { ConnectionSource } from "../connection/connection-source.ts";
import type { LeaseScope } from "../connection/lease-scope.ts";
import { leasingDialects, type MakeLeasingDialect } from "../connection/leasing-dialect.ts";
import { ConnectionHeldError } from "../errors.ts";
import { CrossTenantGuard } from "./cross-tenant-guard.ts";
import {
  driverFacades,
  entityManagerOn,
  type MakeDriver,
  refuseConnections,
  type ScopeConnectionClass,
  scopeConnectionClass,
} from "./mikro-orm-internals.ts";
import { isHeldByCaller } from "./open-transactions.ts";
import { ScopeBinding, type SharedState } from "./scope-binding.ts";
import type { TenantDriver } from "./tenant-driver.ts";
import type { DriverEntities, TenantEntity } from "./tenant-entities.ts";
import { TenantEntityManager } from "./tenant-entity-manager.ts";
import { TenantSchema } from "./tenant-schema.ts";
import type { TenantSource } from "./tenant-source.ts";

/** The one MikroORM that all tenants of a driver share: metadata, hydrators and configuration, but no connection. */
export class SharedOrm {
  readonly schema: TenantSchema;
  readonly #orm: MikroORM;
  readonly #Connection: ScopeConnectionClass;
  readonly #dialect: MakeLeasingDialect;
  readonly #driver: MakeDriver;
  readonly #shared: SharedState;
  #scopes = 0;

  constructor(driver: TenantDriver, entities: DriverEntities) {
    this.#shared = { entities: entities.given, newcomers: new WeakMap() };
    this.#orm = outsideTenancy(() => discover(driver, entities.list));
    this.#Connection = scopeConnectionClass(this.#orm.driver);
    this.#dialect = leasingDialects(driver.grammar);
    this.#driver = driverFacades(this.#orm.driver, isTenancyError);
    this.schema = new TenantSchema(this.#orm, driver.manager.capabilities);
    refuseConnections(this.#orm.driver, () => {
      throw new NoTenantContextError("The shared MikroORM");
    });
  }

  /** Makes the entity manager of one scope; opens nothing. */
  entityManager(source: TenantSource, scope: LeaseScope): TenantEntityManager {
    const { name } = source.database.placement;
    const dialect = () => this.#dialect(source.single ? refusingSecond(source) : source, scope);
    const connect = () => new this.#Connection(this.#orm, name, dialect, source);
    const binding = new ScopeBinding(source, ++this.#scopes, this.#shared, connect);
    const em = entityManagerOn(this.#orm, TenantEntityManager, this.#driver(binding));
    em.followsTransactions = true;
    return em;
  }
}

/** Has nobody wait for a connection that the caller holds. */
function refusingSecond(source: TenantSource): ConnectionSource {
  return {
    lease(scope) {
      if (isHeldByCaller(source)) throw new ConnectionHeldError(source.database.placement.name);
      return source.lease(scope);
    },
  };
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
