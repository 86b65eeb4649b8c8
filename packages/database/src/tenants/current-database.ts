import {
  type Clock,
  ConfigurationError,
  lazyValue,
  type MaybePromise,
  NoTenantContextError,
  type Scope,
  systemClock,
  type TenancyBootstrapper,
  type TenancyHost,
  TenantMismatchError,
  type ValueKey,
  valueKey,
} from "@af-tenancy/core";
import type { SqlEntityManager } from "@mikro-orm/sql";
import { unscopedChannel } from "../row/unscoped-channel.ts";
import { checkKeys, type EntityManagerOptions, isInBulk } from "./manager-options.ts";
import type { ReadOnlyOptions } from "./read-from.ts";
import type { SharedState } from "./scope-binding.ts";
import type { TenantEntityManager } from "./tenant-entity-manager.ts";

/** The entity manager of a scope; `em()` gives the one of the transaction inside it. */
export const TENANT_EM: ValueKey<SqlEntityManager> = valueKey("@af-tenancy/database:em");

/** Has every scope make its entity manager once somebody asks, and let go of it at its end. */
export function managerBootstrapper(
  make: (scope: Scope) => SqlEntityManager,
  letGo: (em: SqlEntityManager) => void,
): TenancyBootstrapper {
  return { name: "database", values: [lazyValue(TENANT_EM, (_get, scope) => make(scope), letGo)] };
}

/** What the current tenant's database looks like to the application, whichever driver serves it. */
export class CurrentDatabase {
  #host: TenancyHost | undefined;
  #clock: Clock = systemClock();

  get host(): TenancyHost | undefined {
    return this.#host;
  }

  /** The tenancy's once there is one. */
  get clock(): Clock {
    return this.#clock;
  }

  /** Belongs to one tenancy from now on; throws `ConfigurationError` when it belongs to another. */
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
  }

  em(options: EntityManagerOptions = {}): SqlEntityManager {
    const own = this.#own();
    return handedOut(isInBulk(options) ? (own.binding?.bulk as TenantEntityManager) : own);
  }

  readOnly(options: ReadOnlyOptions = {}): SqlEntityManager {
    checkKeys(options, "from");
    const { from } = options;
    return handedOut(this.#own().binding?.reader(from) as TenantEntityManager);
  }

  async unscoped<R>(reason: string, work: (em: SqlEntityManager) => MaybePromise<R>): Promise<R> {
    const { binding } = this.#own();
    if (binding === undefined) throw new NoTenantContextError("unscoped()");
    unscopedChannel.publish({ tenantId: binding.tenantId, reason });
    return work(binding.shared.makeUnscoped(binding));
  }

  entities(): SharedState["entities"] | undefined {
    return this.#own().binding?.shared.entities;
  }

  /** Throws `ConfigurationError` unless it belongs to a tenancy; gives what the tenancy gives. */
  assertAttached(): TenancyHost {
    if (this.#host !== undefined) return this.#host;
    throw new ConfigurationError(
      "databases",
      "not part of a tenancy",
      "pass it to createTenancy({ databases }).",
    );
  }

  #own(): TenantEntityManager {
    return this.assertAttached().get(TENANT_EM) as TenantEntityManager;
  }
}

/** What the scope's own entity manager is in the current transaction, and never one that is connected elsewhere. */
function handedOut(own: TenantEntityManager): SqlEntityManager {
  const em = own.getContext(false);
  if (em.getDriver() !== own.getDriver()) {
    throw new TenantMismatchError("The entity manager", em.name, own.name);
  }
  return em;
}
