import { checkSide } from "./check-side.ts";
import type { TenancyRequest, TenantResolution, TenantResolver } from "./contracts/resolver.ts";
import type { Tenant } from "./contracts/tenant.ts";
import type { CookieHint, CookieHints } from "./cookie-hints.ts";
import { denialChannel, resolutionChannel } from "./diagnostics.ts";
import { TenantMismatchError } from "./errors/context-errors.ts";
import { TenantDeniedError } from "./errors/resolution-errors.ts";
import type { EventBus } from "./events.ts";
import type { Frame } from "./frame.ts";
import type { Identification } from "./identification.ts";
import { isThenable, type MaybePromise } from "./maybe-promise.ts";
import type { RequestExchange } from "./request-exchange.ts";
import { rewrittenUrl } from "./rewritten-url.ts";
import type { Scopes } from "./scopes.ts";
import { storage } from "./storage.ts";
import { tellClient } from "./tell-client.ts";

/** Takes requests from identification to the end of their scope. */
export class RequestJourney<T extends Tenant> {
  readonly #scopes: Scopes<T>;
  readonly #identification: Identification<T>;
  readonly #hints: CookieHints<T> | undefined;
  readonly #events: EventBus<T>;
  readonly #admitTenant: (tenant: T, request: TenancyRequest) => void;
  readonly #report: (error: unknown, frame: Frame) => void;
  readonly #failures = new WeakMap<object, Frame>();

  constructor(
    scopes: Scopes<T>,
    identification: Identification<T>,
    hints: CookieHints<T> | undefined,
    events: EventBus<T>,
    admitTenant: (tenant: T, request: TenancyRequest) => void,
    report: (error: unknown, frame: Frame) => void,
  ) {
    this.#scopes = scopes;
    this.#identification = identification;
    this.#hints = hints;
    this.#events = events;
    this.#admitTenant = admitTenant;
    this.#report = report;
  }

  /**
   * Identifies, admits and enters, then calls `next`. A refusal surfaces before `next` was called, so that an error of
   * the application is never taken for one. The scope outlives this call: it ends when the response is closed, the
   * handler has settled, and its leases and background work are done.
   */
  handle<R>(exchange: RequestExchange<R>): MaybePromise<R> {
    let tenant: T | null;
    try {
      const resolution = this.#identification.resolve(exchange.request, exchange.resolver);
      if (isThenable(resolution)) {
        return this.#handleLater(
          exchange,
          resolution.then((later) => this.#find(exchange, later)),
        );
      }
      const found = this.#find(exchange, resolution);
      if (isThenable(found)) return this.#handleLater(exchange, found);
      tenant = found;
    } catch (error) {
      return this.#deny(exchange, error);
    }
    return this.#enter(exchange, tenant);
  }

  /** Gives the request target as handlers are to see it, as far as resolvers can tell at once. */
  targetOf(request: TenancyRequest, resolver: TenantResolver | undefined): string {
    try {
      const resolution = this.#identification.resolve(request, resolver);
      if (!isThenable(resolution)) return rewrittenUrl(resolution) ?? request.url;
      void resolution.then(undefined, () => undefined);
      return request.url;
    } catch {
      return request.url; // `handle` will say what is wrong with it
    }
  }

  #handleLater<R>(
    exchange: RequestExchange<R>,
    identifying: PromiseLike<T | null>,
  ): PromiseLike<R> {
    return identifying.then(
      (found) => this.#enter(exchange, found),
      (error: unknown) => this.#deny(exchange, error),
    );
  }

  /** Gives the tenant only once it was admitted. */
  #find<R>(
    exchange: RequestExchange<R>,
    resolution: TenantResolution | undefined,
  ): MaybePromise<T | null> {
    const hint = this.#hints?.read(exchange.request, resolution);
    const hinted = hint === undefined ? undefined : this.#hints?.find(hint);
    const found = this.#identification.find(resolution, exchange.resolver, hinted);
    if (!isThenable(found)) return this.#admit(exchange, resolution, found, "hit", hint);
    return found.then((later) => this.#admit(exchange, resolution, later, "miss", hint));
  }

  #admit<R>(
    exchange: RequestExchange<R>,
    resolution: TenantResolution | undefined,
    tenant: T | null,
    cache: "hit" | "miss",
    hint: CookieHint | undefined,
  ): T | null {
    const { request, mode } = exchange;
    if (resolutionChannel.hasSubscribers) {
      resolutionChannel.publish({ request, tenantId: tenant?.id ?? null });
    }
    checkSide(mode, tenant);
    const url = rewrittenUrl(resolution);
    if (url !== undefined) exchange.checkRewritten?.(url, tenant, exchange.resolver);
    if (tenant !== null) this.#admitTenant(tenant, request);
    const varies = this.#identification.variesOf(exchange.resolver);
    const cookie = hint && tenant !== null ? this.#hints?.cookieFor(hint, tenant) : undefined;
    tellClient(exchange, { tenant, cache, cookie, varies });
    if (url !== undefined) exchange.rewrite?.(url);
    return tenant;
  }

  #deny<R>(
    { request }: RequestExchange<R>,
    error: unknown,
    tenantId = error instanceof TenantDeniedError ? error.tenantId : null,
  ): MaybePromise<never> {
    if (denialChannel.hasSubscribers) denialChannel.publish({ request, error, tenantId });
    const told = this.#events.emit("denied", { request, error, tenantId });
    if (isThenable(told)) return told.then(() => Promise.reject(error));
    throw error;
  }

  #enter<R>(exchange: RequestExchange<R>, tenant: T | null): MaybePromise<R> {
    const innermost = storage.getStore();
    const outer = this.#scopes.nearest(innermost);
    if (outer !== undefined) return nested(outer, tenant, exchange);
    const frame = this.#scopes.open(innermost, tenant, exchange.origin);
    return storage.run(frame, () => this.#enterAndGo(exchange, frame)) as MaybePromise<R>;
  }

  #enterAndGo<R>(exchange: RequestExchange<R>, frame: Frame): MaybePromise<R> {
    if (frame.context.tenantOrNull === null) return this.#go(exchange, frame);
    let entering: Promise<void> | undefined;
    try {
      entering = this.#scopes.enter(frame);
    } catch (error) {
      return this.#denyOutside(frame, exchange, error);
    }
    if (entering === undefined) return this.#go(exchange, frame);
    return entering.then(
      () => this.#go(exchange, frame),
      (error: unknown) => this.#denyOutside(frame, exchange, error),
    );
  }

  /** The scope is over, so its refusal is told outside of it. */
  #denyOutside<R>(frame: Frame, exchange: RequestExchange<R>, error: unknown): MaybePromise<never> {
    const tenantId = frame.context.tenantOrNull?.id ?? null;
    return storage.run(frame.parent, () => this.#deny(exchange, error, tenantId));
  }

  #go<R>(exchange: RequestExchange<R>, frame: Frame): MaybePromise<R> {
    // The handler and the response; the last one of them ends the scope, a client that left ends it at once.
    let open = 2;
    const part = () => {
      open--;
      if (open === 0) this.#end(frame);
    };
    exchange.onClosed((aborted) => {
      if (!aborted) return part();
      frame.context.beginEnding();
      open = 0;
      this.#end(frame);
    });
    exchange.onSettled?.(part);
    let result: R;
    try {
      result = exchange.next();
    } catch (error) {
      this.#failed(error, frame);
      part();
      throw error;
    }
    if (isThenable(result)) {
      void result.then(part, (error: unknown) => {
        this.#failed(error, frame);
        part();
      });
    } else if (exchange.onSettled === undefined) part();
    return result;
  }

  /** Gives the scope that an error of the application came out of, if it did. */
  scopeOf(error: unknown): Frame | undefined {
    return isObject(error) ? this.#failures.get(error) : undefined;
  }

  #failed(error: unknown, frame: Frame): void {
    if (isObject(error)) this.#failures.set(error, frame);
  }

  readonly #close = (frame: Frame) => this.#scopes.close(frame);

  #end(frame: Frame): void {
    try {
      // A response often closes in the scope of its handler; entering it anew is the dearest part of the end.
      const closing =
        this.#scopes.endsSilently(frame) || storage.getStore() === frame
          ? this.#scopes.close(frame)
          : storage.run(frame, this.#close, frame);
      if (isThenable(closing)) void closing.then(undefined, (error) => this.#report(error, frame));
    } catch (error) {
      this.#report(error, frame);
    }
  }
}

function isObject(value: unknown): value is object {
  return typeof value === "object" && value !== null;
}

/** The request is inside a scope already: the same tenant goes on, another one is a mistake in the set-up. */
function nested<R>(outer: Frame, tenant: Tenant | null, exchange: RequestExchange<R>): R {
  const present = outer.context.tenantOrNull;
  if (present?.id === tenant?.id) return exchange.next();
  throw new TenantMismatchError(
    "A request",
    tenant?.id ?? "none (central)",
    present?.id ?? "none (central)",
  );
}
