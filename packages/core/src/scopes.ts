import { bindIterator, isIterator } from "./bound-iterator.ts";
import { Context } from "./context.ts";
import type { Origin } from "./contracts/bootstrapper.ts";
import type { Clock } from "./contracts/clock.ts";
import type { Tenant } from "./contracts/tenant.ts";
import { drain } from "./drain.ts";
import { endingError } from "./ending-errors.ts";
import { Frame } from "./frame.ts";
import { inheritOrigin } from "./inherit-origin.ts";
import type { Lifecycle } from "./lifecycle.ts";
import { isThenable, type MaybePromise } from "./maybe-promise.ts";
import { storage } from "./storage.ts";

/** Opens sealed scopes: child frames whose context never changes, left again whatever the callback does. */
export class Scopes<T extends Tenant> {
  readonly #owner: object;
  readonly #lifecycle: Lifecycle<T>;
  readonly #clock: Clock;
  readonly #graceMs: number;
  readonly #assertOpen: () => void;
  #unfinished = 0;
  #onQuiet: (() => void) | undefined;

  /** `assertOpen` throws where no scope may be opened any more. */
  constructor(
    owner: object,
    lifecycle: Lifecycle<T>,
    clock: Clock,
    graceMs: number,
    assertOpen: () => void,
  ) {
    this.#assertOpen = assertOpen;
    this.#owner = owner;
    this.#lifecycle = lifecycle;
    this.#clock = clock;
    this.#graceMs = graceMs;
  }

  /** The innermost frame of this tenancy; frames of other tenancies are looked past. */
  frame(): Frame | undefined {
    return this.nearest(storage.getStore());
  }

  /** The innermost frame of this tenancy among a frame and those around it. */
  nearest(innermost: Frame | undefined): Frame | undefined {
    let frame = innermost;
    while (frame !== undefined && frame.owner !== this.#owner) frame = frame.parent;
    return frame;
  }

  /** Runs a callback in a tenant; inside a sealed scope of the same tenant it is a plain call. */
  run<R>(tenant: T, fn: (tenant: T) => R, origin: Origin | undefined): MaybePromise<R> {
    const innermost = storage.getStore();
    const frame = this.nearest(innermost);
    const outer = frame?.context as Context<T> | undefined;
    const isSettled = outer?.state === "active" && frame?.changes?.changing === undefined;
    if (frame !== undefined && isSettled && outer.tenantOrNull?.id === tenant.id) {
      if (frame.changes !== undefined || origin !== undefined) {
        return this.#share(frame, outer, fn, origin);
      }
      return this.#bindLazy(frame, fn(outer.tenant));
    }
    const child = this.open(innermost, tenant, origin);
    return storage.run(child, this.#enterAndCall, child, fn as (tenant: T | null) => R);
  }

  /** Runs a callback with no tenant. */
  central<R>(fn: () => R, origin: Origin | undefined): MaybePromise<R> {
    const child = this.open(storage.getStore(), null, origin);
    return storage.run(child, this.#call, child, fn);
  }

  /** Makes the frame of a new sealed scope inside the present one, which is `innermost`; whoever opens it closes it. */
  open(
    innermost: Frame | undefined,
    tenant: T | null,
    origin: Origin | undefined,
    changes?: Frame["changes"],
  ): Frame {
    // Asked again: whoever was let in may have waited for a look-up meanwhile.
    this.#assertOpen();
    const outer = this.nearest(innermost);
    const inherited = inheritOrigin(outer, origin);
    this.#unfinished++;
    if (outer?.changes !== undefined) outer.changes.children++;
    const context = new Context<T>(tenant, inherited);
    return new Frame(this.#owner, innermost, context as Context, inherited, changes);
  }

  /** Enters the frame's tenant; what booted before a failure is undone and the scope is over. */
  enter(frame: Frame): Promise<void> | undefined {
    let entering: MaybePromise<void>;
    try {
      entering = this.#lifecycle.enter(frame.context as Context<T>);
    } catch (error) {
      return this.finish(frame, [error], none) as never;
    }
    return (entering as Promise<void> | undefined)?.catch((error: unknown) =>
      this.finish(frame, [error], none),
    );
  }

  /** Tells whether the end of a scope runs nobody's code, so that it makes no difference in which scope that happens. */
  endsSilently(frame: Frame): boolean {
    return frame.context.isBare && this.#lifecycle.quiet;
  }

  /** Waits for the work of a scope, leaves its tenant, and throws what went wrong on the way. */
  close(frame: Frame, own: readonly unknown[] = []): MaybePromise<void> {
    const leaving = this.leave(frame.context as Context<T>);
    if (isThenable(leaving)) return leaving.then((errors) => this.finish(frame, own, errors));
    this.finish(frame, own, leaving);
  }

  /** Waits for the work of a context and leaves its tenant; gives what leaving threw. */
  leave(context: Context<T>): MaybePromise<readonly unknown[]> {
    if (!context.idle) return this.#leaveLater(context);
    if (context.tenantOrNull !== null) return this.#lifecycle.leave(context);
    context.beginEnding();
    context.markEnded();
    return none;
  }

  /** Says that a scope is over; throws what its callback, its background work and leaving threw. */
  finish(frame: Frame, own: readonly unknown[], leaving: readonly unknown[]): void {
    this.#done(frame);
    const { backgroundErrors, tenantOrNull } = frame.context;
    if (own.length + backgroundErrors.length + leaving.length === 0) return;
    throw endingError(tenantOrNull?.id ?? "none (central)", [...own, ...backgroundErrors], leaving);
  }

  /** A frame of the same context for code that runs later; its use fails once the context has ended. */
  seal(frame: Frame): Frame {
    return new Frame(this.#owner, storage.getStore(), frame.context, frame.origin);
  }

  /** Resolves once no scope is open. */
  async quiet(): Promise<void> {
    if (this.#unfinished > 0) await new Promise<void>((resolve) => (this.#onQuiet = resolve));
  }

  readonly #enterAndCall = <R>(frame: Frame, fn: (tenant: T | null) => R): MaybePromise<R> => {
    const entering = this.enter(frame);
    if (entering === undefined) return this.#call(frame, fn);
    return entering.then(() => this.#call(frame, fn));
  };

  readonly #call = <R>(frame: Frame, fn: (tenant: T | null) => R): MaybePromise<R> => {
    let result: R;
    try {
      result = fn(frame.context.tenantOrNull as T | null);
    } catch (error) {
      return this.#fail(frame, error);
    }
    if (!isThenable(result)) return this.#succeed(frame, result);
    return (Promise.resolve(result) as Promise<R>).then(
      (value) => this.#succeed(frame, value),
      (error: unknown) => this.#fail(frame, error),
    );
  };

  #succeed<R>(frame: Frame, value: R): MaybePromise<R> {
    if (isIterator(value)) {
      return bindIterator(value, frame, this, (errors) => this.#end(frame, errors)) as R;
    }
    const closing = this.#end(frame, none);
    return closing === undefined ? value : closing.then(() => value);
  }

  #fail<R>(frame: Frame, error: unknown): MaybePromise<R> {
    const closing = this.#end(frame, [error]);
    return (closing as PromiseLike<void>).then(() => undefined as never);
  }

  /** The callback is over. */
  #end(frame: Frame, own: readonly unknown[]): MaybePromise<void> {
    frame.context.settle(own.length === 0 ? "done" : "failed");
    return this.close(frame, own);
  }

  #share<R>(
    frame: Frame,
    context: Context<T>,
    fn: (tenant: T) => R,
    origin: Origin | undefined,
  ): MaybePromise<R> {
    const shared = new Frame(
      this.#owner,
      storage.getStore(),
      frame.context,
      inheritOrigin(frame, origin),
    );
    if (frame.changes !== undefined) frame.changes.children++;
    const done = () => {
      if (frame.changes !== undefined) frame.changes.children--;
    };
    let result: MaybePromise<R>;
    try {
      result = storage.run(shared, () => this.#bindLazy(shared, fn(context.tenant), done));
    } catch (error) {
      done();
      throw error;
    }
    if (isThenable(result)) return (result as Promise<R>).then(release, fail);
    return release(result);

    function release(value: R): R {
      if (!isIterator(value)) done();
      return value;
    }
    function fail(error: unknown): never {
      done();
      throw error;
    }
  }

  /** Has what the callback left to be run later run in the frame that it was made in. */
  #bindLazy<R>(frame: Frame, result: R, onDone?: () => void): MaybePromise<R> {
    if (isIterator(result)) return bindIterator(result, this.seal(frame), this, onDone);
    if (!isThenable(result)) return result;
    return (Promise.resolve(result) as Promise<R>).then((value) =>
      isIterator(value) ? bindIterator(value, this.seal(frame), this, onDone) : value,
    );
  }

  async #leaveLater(context: Context<T>): Promise<readonly unknown[]> {
    const errors: unknown[] = [];
    // What was waited for may have begun something else by the time this goes on.
    while (!context.idle) {
      errors.push(...(await drain(context as Context, this.#clock, this.#graceMs)));
    }
    return [...errors, ...(await this.leave(context))];
  }

  #done(frame: Frame): void {
    const outer = this.nearest(frame.parent);
    if (outer?.changes !== undefined) outer.changes.children--;
    this.#unfinished--;
    if (this.#unfinished > 0 || this.#onQuiet === undefined) return;
    this.#onQuiet();
    this.#onQuiet = undefined;
  }
}

const none: readonly unknown[] = Object.freeze([]);
