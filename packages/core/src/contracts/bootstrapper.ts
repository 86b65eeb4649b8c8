import type { MaybePromise } from "../maybe-promise.ts";
import type { Tenant } from "./tenant.ts";

/** Takes back what a bootstrapper did; called once, in reverse order of bootstrapping. */
export type Undo = () => MaybePromise<void>;

/** What changes when a tenant is entered: one resource, bound to the scope and never to the process. */
export interface TenancyBootstrapper<T extends Tenant = Tenant> {
  /** Unique in a tenancy; named in errors and events. */
  readonly name: string;
  /** What every scope has from its beginning, made once somebody asks: until then it costs a scope nothing. */
  readonly values?: readonly LazyValue<T>[];
  /** Puts further values into the scope, or does what has to be undone; a throw undoes the bootstrappers before it. */
  bootstrap?(scope: Scope<T>): MaybePromise<Undo | void>;
}

/** A value that is the same idea in every scope and another one in each; made by `lazyValue`. */
export interface LazyValue<T extends Tenant = Tenant> {
  readonly key: ValueKey<AnyValue>;
  readonly create: CreateValue<AnyValue, T>;
  readonly dispose: DisposeValue<AnyValue> | undefined;
}

/** What a lazy value can be; whoever reads it by its key has the key's own type. */
export type AnyValue = object | string | number | bigint | boolean | symbol | null | undefined;

/** One stay in one tenant, from initialize to end, as bootstrappers and listeners see it. */
export interface Scope<T extends Tenant = Tenant> {
  readonly tenant: T;
  readonly origin: Origin;
  /** Aborted with the `ContextEndedError` as its reason when the stay ends or its client has gone. */
  readonly signal: AbortSignal;
  /** Declares a lazy value; throws `ValueExistsError` when the key has one. */
  provide<V>(key: ValueKey<V>, create: CreateValue<V, T>, dispose?: DisposeValue<V>): void;
  /**
   * Keeps the stay from ending until the returned function is called, or until it was `forgotten`; throws
   * `ContextEndedError` when it ends.
   */
  lease(destroy?: () => void, forgotten?: ForgottenLease): () => void;
}

/** What becomes of a lease that the code of its stay may leave behind. */
export interface ForgottenLease {
  /** Nothing of it ends by itself: once the code of the stay and its background work are over, nobody will end it. */
  readonly isForgotten: boolean;
  /** Takes back what was left open and ends the lease; what it throws fails the stay, unless its code has failed. */
  abandon(): MaybePromise<void>;
}

/** Makes a lazy value of the scope that it is given; synchronous, without I/O. */
export type CreateValue<V, T extends Tenant = Tenant> = (get: GetValue, scope: Scope<T>) => V;

/** Reads another lazy value of the same scope while one is being created. */
export type GetValue = <V>(key: ValueKey<V>) => V;

/** Releases a value that was created; called at the end, in reverse order of creation. */
export type DisposeValue<V> = (value: V) => MaybePromise<void>;

/** Who acts, for which request and why; carried by every scope for logs and audit. */
export interface Origin {
  readonly actor?: string;
  readonly requestId?: string;
  readonly reason?: string;
}

declare const valueType: unique symbol;

/** Names a lazy value of type `V` in a scope; made by `valueKey` and exported by the package that provides it. */
export type ValueKey<V> = symbol & { readonly [valueType]?: V };

/**
 * Makes the key under which a scope keeps one lazy value.
 *
 * @example const MAILER = valueKey<Mailer>("my-app:mailer");
 */
export function valueKey<V>(description: string): ValueKey<V> {
  return Symbol(description);
}

/**
 * Makes a lazy value for `values` of a bootstrapper.
 *
 * @example { name: "mailer", values: [lazyValue(MAILER, (_get, { tenant }) => mailerOf(tenant))] }
 */
export function lazyValue<V, T extends Tenant = Tenant>(
  key: ValueKey<V>,
  create: CreateValue<V, T>,
  dispose?: DisposeValue<V>,
): LazyValue<T> {
  return { key, create, dispose } as LazyValue<T>;
}
