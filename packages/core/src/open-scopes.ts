import { Context } from "./context.ts";
import type { Origin } from "./contracts/bootstrapper.ts";
import type { Tenant } from "./contracts/tenant.ts";
import { endingError } from "./ending-errors.ts";
import { NoScopeError, ScopeBusyError, ScopeSealedError } from "./errors/context-errors.ts";
import type { Changes, Frame } from "./frame.ts";
import type { Lifecycle } from "./lifecycle.ts";
import type { Scopes } from "./scopes.ts";
import { storage } from "./storage.ts";

/** Open scopes: frames for sequential code, whose tenant changes by `initialize` and `end`. */
export class OpenScopes<T extends Tenant> {
  readonly #scopes: Scopes<T>;
  readonly #lifecycle: Lifecycle<T>;

  constructor(scopes: Scopes<T>, lifecycle: Lifecycle<T>) {
    this.#scopes = scopes;
    this.#lifecycle = lifecycle;
  }

  /** Runs a callback in an open scope that starts with no tenant and leaves whichever it ends in. */
  async scope<R>(fn: () => R | PromiseLike<R>, origin: Origin | undefined): Promise<R> {
    const changes: Changes = { changing: undefined, children: 0, over: false, failures: [] };
    const frame = this.#scopes.open(storage.getStore(), null, origin, changes);
    return storage.run(frame, async () => {
      let result: R;
      try {
        result = await fn();
      } catch (error) {
        await this.#close(frame, changes, [error]);
        throw error;
      }
      await this.#close(frame, changes, []);
      return result;
    });
  }

  /** Makes `tenant` the scope's tenant, leaving the one before; the same tenant is a no-op. Gives its context. */
  async initialize(tenant: () => T | PromiseLike<T>): Promise<Context<T>> {
    return this.#change("initialize", async (frame) => {
      const next = await tenant();
      const context = frame.context as Context<T>;
      if (context.tenantOrNull?.id === next.id) return context;
      assertIdle("initialize", frame);
      await this.#leave(frame);
      return this.#enter(frame, next, "initialize");
    });
  }

  /** Leaves the scope's tenant; a no-op where there is none. */
  async end(): Promise<void> {
    await this.#change("end", (frame) => this.#leave(frame));
  }

  /** Leaves and enters the tenant again, as `reload` gives it; a no-op where there is none. */
  async reinitialize(reload: (tenant: T) => T | PromiseLike<T>): Promise<void> {
    await this.#change("reinitialize", async (frame) => {
      const { tenantOrNull } = frame.context as Context<T>;
      if (tenantOrNull === null) return;
      const tenant = await reload(tenantOrNull);
      assertIdle("reinitialize", frame);
      await this.#leave(frame);
      await this.#enter(frame, tenant, "reinitialize");
    });
  }

  async #change<R>(method: string, change: (frame: Frame) => Promise<R>): Promise<R> {
    const frame = this.#scopes.frame();
    if (frame === undefined) throw new NoScopeError(method);
    const { changes } = frame;
    if (changes === undefined) throw new ScopeSealedError(method);
    if (changes.over) throw frame.context.ended();
    if (changes.changing !== undefined)
      throw new ScopeBusyError(method, "another change is under way");
    assertIdle(method, frame);
    const changing = change(frame).finally(() => {
      changes.changing = undefined;
    });
    changes.changing = changing;
    return changing;
  }

  /** Leaves whichever tenant the scope ended in, after a change that nobody awaited; no other one begins. */
  async #close(frame: Frame, changes: Changes, own: readonly unknown[]): Promise<void> {
    changes.over = true;
    await Promise.allSettled([changes.changing]);
    const last = frame.context as Context<T>;
    const home = frame.home as Context<T>;
    for (const context of [last, home]) context.settle(own.length === 0 ? "done" : "failed");
    const leaving = [...(await this.#scopes.leave(last))];
    this.#settle(frame, last);
    if (home.state === "active") leaving.push(...(await this.#scopes.leave(home)));
    this.#scopes.finish(frame, [...own, ...changes.failures], leaving);
  }

  /** Ends a stay: the scope has no tenant again. */
  #settle(frame: Frame, context: Context<T>): void {
    if (context === frame.home) return;
    frame.changes?.failures.push(...context.backgroundErrors);
    frame.change(frame.home);
  }

  /** Nothing may begin between the last look and the change. */
  async #enter(frame: Frame, tenant: T, method: string): Promise<Context<T>> {
    assertIdle(method, frame);
    const context = new Context<T>(tenant, frame.origin);
    frame.change(context as Context);
    try {
      await this.#lifecycle.enter(context);
      return context;
    } catch (error) {
      this.#settle(frame, context);
      throw error;
    }
  }

  async #leave(frame: Frame): Promise<void> {
    const context = frame.context as Context<T>;
    if (context.tenantOrNull === null) return;
    const errors = await this.#lifecycle.leave(context, true);
    this.#settle(frame, context);
    const error = endingError(context.tenant.id, [], errors);
    if (error !== undefined) throw error;
  }
}

/** Asked before a change and again after a look-up, during which other branches may have begun something. */
function assertIdle(method: string, frame: Frame): void {
  if (frame.changes !== undefined && frame.changes.children > 0) {
    throw new ScopeBusyError(method, "a run(), central() or scope() is unfinished");
  }
  if (!frame.context.idle) {
    throw new ScopeBusyError(method, "a lease or a waitUntil() is unfinished");
  }
}
