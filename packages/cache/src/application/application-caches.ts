import {
  type ApplicationCache,
  type ApplicationCaches,
  attachOnce,
  type CacheStore,
  ConfigurationError,
  type GetValue,
  type Scope,
  TENANT_CACHES,
  TenancyClosedError,
  type TenancyHost,
  type Tenant,
  type TenantCaches,
  tellFailure,
} from "@af-tenancy/core";
import {
  type ApplicationCachesOptions,
  type CheckedCachesOptions,
  checkCachesOptions,
  checkLabel,
} from "./application-caches-options.ts";
import { CacheEvents } from "./cache-events.ts";
import type { CacheParts } from "./cache-parts.ts";
import { VersionedEntries } from "./cache-versions.ts";
import { Flights } from "./flights.ts";
import { FollowingCache } from "./following-cache.ts";
import { cacheOwner, ownerText } from "./owner-text.ts";
import { ScopedCache } from "./scoped-cache.ts";

/** The application's caches, to be asked for by functions that may be taken out of it. */
export interface AccessibleCaches extends ApplicationCaches {
  /**
   * Gives the current tenant's cache in a store, for this stay alone. Throws `NoTenantContextError`, `ContextEndedError`, or
   * `ConfigurationError` for a store that there is not.
   *
   * @example await tenantCache().getOrSet("menu", () => loadMenu(), { ttl: 60_000 });
   */
  readonly tenantCache: (store?: string) => ApplicationCache;
  /** Gives the cache that belongs to no tenant, the same from everywhere. */
  readonly globalCache: (store?: string) => ApplicationCache;
  /** Gives an object for what outlives requests: each call goes to the tenant that is current then. */
  readonly currentCache: (store?: string) => ApplicationCache;
}

/**
 * Makes the caches of an application, each tenant's apart from all others. `cacheBootstrapper` puts them into a tenancy.
 *
 * @example const { tenantCache, globalCache } = applicationCaches({ stores: { default: memoryCache() } });
 * @throws ConfigurationError when an option is wrong or unknown
 */
export function applicationCaches(options: ApplicationCachesOptions): AccessibleCaches {
  return new Caches(checkCachesOptions(options));
}

class Caches implements AccessibleCaches {
  readonly name = "application-caches";
  readonly #settings: CheckedCachesOptions;
  readonly #stores: ReadonlyMap<string, CacheStore>;
  readonly #attachment = attachOnce("bootstrappers: [cacheBootstrapper(caches)]");
  readonly #flights: Flights;
  #isClosed = false;

  constructor(settings: CheckedCachesOptions) {
    this.#settings = settings;
    this.#flights = new Flights(this.#attachment.clock, settings.patience);
    this.#stores = new Map(Object.entries(settings.stores));
  }

  readonly tenantCache = (store?: string): ApplicationCache =>
    this.#attachment.host().get(TENANT_CACHES).cache(store);

  readonly globalCache = (store?: string): ApplicationCache => {
    this.#attachment.host();
    return this.#make(undefined, undefined, store);
  };

  readonly currentCache = (store?: string): ApplicationCache => {
    this.#storeOf(store);
    return new FollowingCache(() => this.tenantCache(store));
  };

  enter(scope: Scope, get: GetValue): TenantCaches {
    const made = new Map<string, ApplicationCache>();
    return {
      cache: (store = "default") => {
        const present = made.get(store) ?? this.#make(scope, get, store);
        made.set(store, present);
        return present;
      },
    };
  }

  attach(host: TenancyHost): void {
    this.#attachment.attach(host);
    for (const store of this.#stores.values()) store.attach?.(host);
    host.events.on("tenantPurged", ({ tenant }) => this.#purge(tenant.id));
  }

  async start(): Promise<void> {
    this.#isClosed = false;
    for (const store of this.#stores.values()) await store.start?.();
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    for (const store of [...this.#stores.values()].reverse()) await store.close?.();
  }

  #make(scope: Scope | undefined, get: GetValue | undefined, name = "default"): ApplicationCache {
    const store = this.#storeOf(name);
    const { maxLength } = this.#settings;
    const owner = scope && cacheOwner(scope.tenant);
    const label = scope && this.#labelOf(scope.tenant, name);
    const entries = store.open({ owner, store: name, label, get });
    const text = ownerText(owner);
    const { clock } = this.#attachment;
    return new ScopedCache({
      ...{ settings: this.#settings, clock, entries },
      events: new CacheEvents(clock, name, scope?.tenant.id ?? null),
      // Under another label the values of before are out of reach, and must not be back with the label.
      versioned: new VersionedEntries(entries, label ? `${text}/${label}` : text, maxLength),
      ...{ flights: this.#flights, space: `${text}/${name}` },
      held: holding(scope === undefined ? () => this.#holdOpen() : () => scope.lease()),
      signal: () => scope?.signal,
    });
  }

  /** What belongs to no stay ends with the tenancy. */
  #holdOpen(): () => void {
    if (this.#isClosed) throw new TenancyClosedError("closed");
    return () => undefined;
  }

  #storeOf(name = "default"): CacheStore {
    const store = this.#stores.get(name);
    if (store !== undefined) return store;
    const remedy = `use one of ${[...this.#stores.keys()].join(", ")}, or add it.`;
    throw new ConfigurationError(
      "applicationCaches.stores",
      `without ${JSON.stringify(name)}`,
      remedy,
    );
  }

  #labelOf(tenant: Tenant, store: string): string | undefined {
    const { label } = this.#settings;
    return label && checkLabel(label(tenant, store));
  }

  /** The tenant is gone whatever comes of this; what is left has its time. */
  async #purge(tenantId: string): Promise<void> {
    for (const store of this.#stores.values()) {
      try {
        await store.purge?.(tenantId);
      } catch (error) {
        await tellFailure(this.#attachment.host(), error);
      }
    }
  }
}

/** Makes what keeps something open for as long as work takes. */
function holding(hold: () => () => void): CacheParts["held"] {
  return async (work) => {
    const release = hold();
    try {
      return await work();
    } finally {
      release();
    }
  };
}
