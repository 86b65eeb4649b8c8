import type { EventEmitter } from "node:events";
import { bindCallback, bindEmitter, type Callback } from "./bind.ts";
import { type AnyIterator, bindIterator } from "./bound-iterator.ts";
import { checkCallback, isTenant, referenceTo, wrongType } from "./call-arguments.ts";
import { checkSide } from "./check-side.ts";
import type { CloseOptions, Composition } from "./composition.ts";
import type { Origin, ValueKey } from "./contracts/bootstrapper.ts";
import type { Events } from "./contracts/events.ts";
import type { TenancyRequest, TenantResolver } from "./contracts/resolver.ts";
import type { TenantStore } from "./contracts/store.ts";
import type { Tenant, TenantLike, TenantRecord, TenantReference } from "./contracts/tenant.ts";
import type { TenantOperations } from "./contracts/tenants.ts";
import { ConfigurationError } from "./errors/configuration-errors.ts";
import { NoTenantContextError } from "./errors/context-errors.ts";
import { TenantNotFoundError } from "./errors/resolution-errors.ts";
import { findTenant } from "./find-tenant.ts";
import { isThenable, type MaybePromise } from "./maybe-promise.ts";
import type { RequestErrorResponse } from "./refusal-responses.ts";
import type { RequestExchange, RouteMode } from "./request-exchange.ts";
import { forEachTenant, type RunForEachOptions, type RunForEachReport } from "./run-for-each.ts";

/** What `initialize` gives: the stay in the tenant, whose values fail once it has ended. */
export interface Stay<T extends Tenant> {
  readonly tenant: T;
  /** Gives a value of this stay; throws `ContextEndedError` after it, also when the scope has another tenant by then. */
  get<V>(key: ValueKey<V>): V;
}

/** An application's tenancy: enters tenants, and tells which one is current. Made by `createTenancy`. */
export class Tenancy<T extends Tenant = TenantRecord> {
  readonly #parts: Composition<T>;

  constructor(parts: Composition<T>) {
    this.#parts = parts;
  }

  /** Where listeners are added. */
  get events(): Events<T> {
    return this.#parts.events;
  }

  /** Reads tenants. */
  get store(): TenantStore<T> {
    return this.#parts.store;
  }

  /** Creates and changes tenants; throws `ConfigurationError` when the application has no provisioning. */
  get tenants(): TenantOperations {
    const { provisioning } = this.#parts.options;
    if (provisioning !== undefined) return provisioning;
    throw new ConfigurationError(
      "provisioning",
      "missing",
      "pass provisioning: provisioning() to change tenants.",
    );
  }

  /** For adapters: whether answers may get a cookie beside those of the application. */
  get setsCookies(): boolean {
    return this.#parts.options.cookieHint === true;
  }

  /** Opens registry, databases and the other parts; a failed start may be repeated. */
  start(): Promise<void> {
    return this.#parts.start();
  }

  /**
   * Takes no more requests of the server, if one is given, lets open scopes finish within the grace, then closes the
   * parts in reverse order: bootstrappers such as queues, tenants' databases, and the registry last.
   *
   * @example process.once("SIGTERM", () => void tenancy.close({ server }));
   */
  close(options: CloseOptions = {}): Promise<void> {
    return this.#parts.close(options);
  }

  /**
   * Runs a callback in a tenant and leaves it again, also when the callback throws. A string is an id. Gives what the
   * callback gives, after its background work is done; a generator it gives runs in the tenant as well. Where nothing
   * is asynchronous no promise is made, and then errors of entering are thrown, not rejected.
   *
   * @example await tenancy.run({ by: "slug", value: "acme" }, () => db.em().find(Note, {}));
   * @throws TenantNotFoundError, InvalidTenantError, TenancyClosedError, or what entering throws
   */
  run<R>(tenant: TenantLike<T>, fn: (tenant: T) => Promise<R>, origin?: Origin): Promise<R>;
  run<R>(tenant: TenantLike<T>, fn: (tenant: T) => R, origin?: Origin): MaybePromise<R>;
  run<R>(tenant: TenantLike<T>, fn: (tenant: T) => R, origin?: Origin): MaybePromise<R> {
    this.#parts.assertStarted();
    checkCallback("run", fn);
    if (isTenant(tenant)) return this.#parts.scopes.run(tenant, fn, origin);
    return this.#require(tenant).then((found) => this.#parts.scopes.run(found, fn, origin));
  }

  /** Runs a callback with no tenant: the explicit way to central resources. */
  central<R>(fn: () => Promise<R>, origin?: Origin): Promise<R>;
  central<R>(fn: () => R, origin?: Origin): MaybePromise<R>;
  central<R>(fn: () => R, origin?: Origin): MaybePromise<R> {
    this.#parts.assertStarted();
    checkCallback("central", fn);
    return this.#parts.scopes.central(fn, origin);
  }

  /** Runs a callback in each tenant of a list: `null` is all of them, `[]` nobody. */
  async runForEach(
    tenants: Iterable<TenantLike<T>> | AsyncIterable<TenantLike<T>> | null,
    fn: (tenant: T) => unknown,
    options: RunForEachOptions<T> = {},
  ): Promise<RunForEachReport> {
    this.#parts.assertStarted();
    checkCallback("runForEach", fn);
    const list = tenants === null ? this.store.list() : tenants;
    return forEachTenant(list, (one) => this.run(one, fn), options);
  }

  /** Runs a callback in an open scope, where `initialize`, `end` and `reinitialize` work; it starts with no tenant. */
  async scope<R>(fn: () => R | PromiseLike<R>, origin?: Origin): Promise<R> {
    this.#parts.assertStarted();
    checkCallback("scope", fn);
    return this.#parts.openScopes.scope(fn, origin);
  }

  /**
   * Makes a tenant the open scope's current one, leaving the one before; the same tenant is a no-op. One that is not
   * found changes nothing; when entering fails the scope has no tenant. All branches of a `Promise.all` share the scope:
   * a branch that only asks `current()` after another one switched sees the other's tenant, so keep to the stay that
   * this gives, or use `run`.
   *
   * @throws NoScopeError, ScopeSealedError, ScopeBusyError, TenantNotFoundError, VetoedError
   */
  async initialize(tenant: TenantLike<T>): Promise<Stay<T>> {
    return this.#parts.openScopes.initialize(() =>
      isTenant(tenant) ? tenant : this.#require(tenant),
    );
  }

  /** Leaves the open scope's tenant; a no-op where there is none. */
  end(): Promise<void> {
    return this.#parts.openScopes.end();
  }

  /** Leaves and enters the open scope's tenant again, read anew, so that its changed attributes take effect. */
  reinitialize(): Promise<void> {
    return this.#parts.openScopes.reinitialize(({ id }) => this.#require(id));
  }

  /** Finds a tenant in any status; a string is an id. `undefined` when there is none. */
  async find(tenant: string | TenantReference): Promise<T | undefined> {
    return findTenant(this.store, referenceTo(tenant));
  }

  /** The current tenant; `null` outside every tenant. Throws `ContextEndedError` where the scope has ended. */
  current(): T | null {
    const context = this.#parts.scopes.frame()?.context;
    if (context === undefined) return null;
    if (context.state === "ended" && context.tenantOrNull !== null) throw context.ended();
    return context.tenantOrNull as T | null;
  }

  /** The current tenant; throws `NoTenantContextError` where there is none. */
  currentOrFail(): T {
    const tenant = this.current();
    if (tenant === null) throw new NoTenantContextError("tenancy.currentOrFail()");
    return tenant;
  }

  /** Tells whether this runs in a scope, a tenant's or the central one. */
  isInScope(): boolean {
    return this.#parts.scopes.frame() !== undefined;
  }

  /** Gives a value of the current scope; throws `NoTenantContextError`, `ContextEndedError`, `ValueMissingError`. */
  get<V>(key: ValueKey<V>): V {
    const frame = this.#parts.scopes.frame();
    if (frame === undefined) throw new NoTenantContextError(key.description ?? "tenancy.get()");
    return frame.context.get(key);
  }

  /** Who acts here, for which request and why; empty outside every scope. */
  origin(): Origin {
    return this.#parts.scopes.frame()?.origin ?? {};
  }

  /** Keeps the current scope open until the work is done; its failure surfaces where the scope ends. */
  waitUntil(work: PromiseLike<unknown>): void {
    if (!isThenable(work)) throw wrongType("waitUntil(work)", work, "pass a promise.");
    const frame = this.#parts.scopes.frame();
    if (frame === undefined) throw new NoTenantContextError("tenancy.waitUntil()");
    frame.context.waitUntil(work, (error) => this.#parts.report(error, frame));
  }

  /** Ties a callback to this scope: it runs here whoever calls it, and throws once the scope has ended. */
  bind<A extends readonly unknown[], R>(fn: Callback<A, R>): Callback<A, R> {
    checkCallback("bind", fn);
    return bindCallback(this.#parts.scopes, fn);
  }

  /** Gives a view of an emitter whose listeners are tied to the scope they are added in. */
  bindEmitter<E extends EventEmitter>(emitter: E): E {
    return bindEmitter(this.#parts.scopes, emitter);
  }

  /** Ties an iterator to this scope; consuming it inside another tenant throws `TenantMismatchError`. */
  bindIterator<I extends AnyIterator>(iterator: I): I {
    const frame = this.#parts.scopes.frame();
    if (frame === undefined) throw new NoTenantContextError("tenancy.bindIterator()");
    return bindIterator(iterator, this.#parts.scopes.seal(frame), this.#parts.scopes);
  }

  /** Takes a request from identification to the end of its scope; for adapters. */
  handle<R>(exchange: RequestExchange<R>): MaybePromise<R> {
    this.#parts.assertStarted();
    return this.#parts.journey.handle(exchange);
  }

  /** Gives a request's target without what named its tenant, as far as resolvers tell at once; for adapters. */
  targetOf(request: TenancyRequest, resolver?: TenantResolver): string {
    return this.#parts.journey.targetOf(request, resolver);
  }

  /** Throws `WrongSideError` when a route of this mode may not answer here; for adapters' route guards. */
  assertSide(mode: RouteMode): void {
    checkSide(mode, this.current());
  }

  /** Tells what a client is answered when its request failed, as the option `admission` says; for adapters. */
  errorResponse(error: unknown, request: TenancyRequest): RequestErrorResponse {
    return this.#parts.responses.of(error, request);
  }

  /** Tells of a failure that no caller will see, such as one hidden behind a plain 500; for adapters. */
  report(error: unknown): void {
    this.#parts.report(error, this.#parts.scopes.frame() ?? this.#parts.scopeOf(error));
  }

  async #require(tenant: string | TenantReference): Promise<T> {
    const reference = referenceTo(tenant);
    const found = await findTenant(this.store, reference);
    if (found === undefined) throw new TenantNotFoundError(reference.by, reference.value);
    return found;
  }
}
