import type { MaybePromise } from "../maybe-promise.ts";
import type { Origin, ValueKey } from "./bootstrapper.ts";
import type { Clock } from "./clock.ts";
import type { TenantDatabases } from "./databases.ts";
import type { Events } from "./events.ts";
import type { KeyRing } from "./keys.ts";
import type { CentralRegistry } from "./registry.ts";
import type { CentralDomains } from "./resolver.ts";
import type { Tenant } from "./tenant.ts";

/** A part with a life of its own, such as a registry or a pool: attached, started in order, closed in reverse. */
export interface TenancyComponent {
  readonly name: string;
  /** Called once while the tenancy is composed: no I/O; throws when it already belongs to another tenancy. */
  attach?(host: TenancyHost): void;
  /** Opens what it needs, outside any tenant. */
  start?(): MaybePromise<void>;
  /** Lets go of what it opened; may be called again. */
  close?(): MaybePromise<void>;
}

/** What a tenancy gives its components. */
export interface TenancyHost {
  /** Throws `KeysRequiredError`, naming the component that asked, when the application gave none. */
  keys(purpose: string): KeyRing;
  readonly clock: Clock;
  /** The host names that belong to the central application. */
  readonly central: CentralDomains;
  readonly events: Events;
  /** Throws `ConfigurationError` when the application has none. */
  readonly registry: CentralRegistry;
  /** Throws `ConfigurationError` when the application has none. */
  readonly databases: TenantDatabases;
  /** Who acts here and now, and why; empty outside every scope. */
  readonly origin: Origin;
  /** The current scope's value; throws `NoTenantContextError`, `ContextEndedError` or `ValueMissingError`. */
  get<V>(key: ValueKey<V>): V;
  /** Runs work in a tenant's scope, as `tenancy.run` does. */
  run<R>(tenant: Tenant, work: () => Promise<R>, origin?: Origin): Promise<R>;
}
