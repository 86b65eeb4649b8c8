import { ConfigurationError, outsideTenancy } from "@af-tenancy/core";
import type { SqlEntityManager } from "@mikro-orm/sql";
import { everlastingScope } from "../connection/lease-scope.ts";
import type { CentralSite } from "../syncing/sync-site.ts";
import { type CentralTarget, checkCentralEntities } from "./central-target.ts";
import { SharedOrm } from "./shared-orm.ts";
import type { TenantDriver } from "./tenant-driver.ts";
import type { TenantEntity } from "./tenant-entities.ts";
import type { TenantHandle } from "./tenant-handle.ts";
import type { TenantHandles } from "./tenant-handles.ts";

/** The application's one central database: a MikroORM of its own on the connections that tenants have too. */
export class CentralDatabase {
  readonly #orm: SharedOrm;
  readonly #target: CentralTarget;
  readonly #handles: TenantHandles;
  #handle: TenantHandle | undefined;
  readonly #scope = everlastingScope();

  constructor(driver: TenantDriver, target: CentralTarget, handles: TenantHandles) {
    const { entities } = target;
    this.#orm = new SharedOrm(driver, { given: entities, list: entities, made: false });
    this.#target = target;
    this.#handles = handles;
  }

  /** Makes the tables where there are none; throws `SchemaOutdatedError` where some are missing. */
  async start(): Promise<void> {
    await outsideTenancy(async () => {
      const lease = await this.#retained().lease();
      try {
        await this.#orm.schema.create(lease, this.#target.database);
      } finally {
        await lease.release();
      }
    });
  }

  /** Makes an entity manager, each time another one, which is in no transaction. */
  em(): SqlEntityManager {
    return this.#orm.entityManager(this.#retained(), this.#scope);
  }

  /** What is watched when records are kept in sync. */
  get site(): CentralSite {
    return { ...this.#orm.watched, em: () => this.em() };
  }

  /** Counted on for good. */
  #retained(): TenantHandle {
    this.#handle ??= this.#handles.retain(this.#target.database);
    return this.#handle;
  }
}

/** Makes the central database of a driver that has it; throws `ConfigurationError`. */
export function centralOf(
  driver: TenantDriver,
  tenantEntities: readonly TenantEntity[],
  handles: TenantHandles,
): CentralDatabase | undefined {
  if (driver.central === undefined) return undefined;
  checkCentralEntities(driver.central, tenantEntities);
  return new CentralDatabase(driver, driver.central, handles);
}

/** Makes the error for an application that configured no central database. */
export function noCentral(): ConfigurationError {
  const remedy =
    "say where it is and what it holds, such as sqlite({ central: { file, entities } }).";
  return new ConfigurationError("central", "not configured", remedy);
}
