import type { AdmissionOptions } from "./admission-options.ts";
import type { TenancyBootstrapper } from "./contracts/bootstrapper.ts";
import type { ChangeListeners } from "./contracts/change-listener.ts";
import type { Clock } from "./contracts/clock.ts";
import type { TenantDatabases } from "./contracts/databases.ts";
import type { Listener, TenancyEventMap } from "./contracts/events.ts";
import type { KeyRing } from "./contracts/keys.ts";
import type { CentralRegistry } from "./contracts/registry.ts";
import type { CentralDomains, TenantResolver } from "./contracts/resolver.ts";
import type { TenantStore } from "./contracts/store.ts";
import type { Tenant, TenantRecord } from "./contracts/tenant.ts";
import type { TenantOperations } from "./contracts/tenants.ts";

/** Everything a tenancy is composed from; `createTenancy` checks it and says which key is wrong and what to do. */
export type TenancyOptions<T extends Tenant = TenantRecord> = TenancySource<T> & TenancyParts<T>;

/**
 * Where tenants come from: a registry that can be written, or a store that is only read. Beside a registry the store is
 * what answers look-ups in its place, such as a cache; one that has `attach` is a `TenancyComponent` too, started after
 * the registry and closed before it.
 */
export type TenancySource<T extends Tenant> =
  | { readonly registry: CentralRegistry; readonly store?: TenantStore<T> }
  | { readonly registry?: undefined; readonly store: TenantStore<T> };

/** The parts of a tenancy beside its source; each one is optional. */
export interface TenancyParts<T extends Tenant = TenantRecord> {
  /** Tells the tenant of a request; without it `run` works and requests do not. */
  readonly resolve?: TenantResolver;
  /** The tenants' databases. */
  readonly databases?: TenantDatabases;
  /** Makes and changes tenants: what `tenancy.tenants` is. */
  readonly provisioning?: TenantOperations;
  /**
   * What else changes when a tenant is entered, in order; the databases' own bootstrapper comes before them. One that
   * has `attach` is a `TenancyComponent` too, started and closed with the tenancy.
   */
  readonly bootstrappers?: readonly TenancyBootstrapper<NoInfer<T>>[];
  /** Needed by whatever encrypts or signs. */
  readonly keys?: KeyRing;
  /** How refused requests are answered, and who passes a maintenance. */
  readonly admission?: AdmissionOptions<NoInfer<T>>;
  /** Host names of the central application, lower case and without port; `*.admin.example.com` is one label more. */
  readonly central?: readonly string[] | CentralDomains;
  /**
   * Whether browsers remember in a signed cookie, for 30 minutes, to which tenant a host led; off when absent. Needs `keys`
   * and a store that hears of every change, such as `cachedTenantStore()`.
   */
  readonly cookieHint?: boolean;
  /** First listeners, by event. */
  readonly hooks?: TenancyHooks<NoInfer<T>>;
  /** Who hears of every committed change of the registry, at least once, each under its own name. */
  readonly consumers?: ChangeListeners;
  /** Real time when absent. */
  readonly clock?: Clock;
  /** Milliseconds that leases of a cut-off scope have before they are destroyed; 5000 when absent. */
  readonly graceMs?: number;
}

/** One listener for each event that the application wants to hear from the start. */
export type TenancyHooks<T extends Tenant = TenantRecord> = {
  readonly [N in keyof TenancyEventMap<T>]?: Listener<T, N>;
};
