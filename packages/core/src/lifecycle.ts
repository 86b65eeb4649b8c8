import type { Context } from "./context.ts";
import type { TenancyBootstrapper, Undo } from "./contracts/bootstrapper.ts";
import type { TenancyEventMap } from "./contracts/events.ts";
import type { Tenant } from "./contracts/tenant.ts";
import { bootstrapperChannel, lifecycleChannel } from "./diagnostics.ts";
import { drive, type Steps } from "./drive.ts";
import type { EventBus, lifecycleEvents } from "./events.ts";
import { type LazyValues, lazyValuesOf } from "./lazy-values.ts";
import { isThenable, type MaybePromise } from "./maybe-promise.ts";
import type { UndoStep } from "./undo-step.ts";

/** Enters and leaves tenants: events, bootstrappers and undos, in stancl's order. */
export class Lifecycle<T extends Tenant> {
  readonly #events: EventBus<T>;
  readonly #bootstrappers: readonly TenancyBootstrapper<T>[];
  readonly #values: LazyValues;
  /** Those that have something to do in each scope. */
  readonly #acting: readonly Acting<T>[];
  readonly #drain: (context: Context<T>) => Promise<readonly unknown[]>;

  /**
   * `drain` waits for what listeners began while a tenant was about to be left. Throws `ValueExistsError` where two
   * bootstrappers have a value of one key.
   */
  constructor(
    events: EventBus<T>,
    bootstrappers: readonly TenancyBootstrapper<T>[],
    drain: (context: Context<T>) => Promise<readonly unknown[]>,
  ) {
    this.#events = events;
    this.#bootstrappers = bootstrappers;
    this.#values = lazyValuesOf(bootstrappers);
    this.#acting = bootstrappers.filter(acts);
    this.#drain = drain;
  }

  /**
   * Brings a context up: `initializing, bootstrapping, bootstrap 1..n, bootstrapped, initialized`. Gives a promise only
   * when something in it is asynchronous. What booted before a failure is undone before the error surfaces.
   */
  enter(context: Context<T>): MaybePromise<void> {
    if (!this.quiet) return drive(this.#entering(context));
    context.offer(this.#values);
    const list = this.#acting;
    for (let i = 0; i < list.length; i++) {
      try {
        const undo = list[i]?.bootstrap(context);
        if (undo === undefined) continue;
        if (typeof undo !== "function") return drive(this.#bootingFrom(context, i, undo));
        context.addUndo(undo);
      } catch (error) {
        return drive(this.#unwind(context, error));
      }
    }
  }

  /**
   * Takes a context down: `ending, reverting`, created values and undos in reverse, `reverted, ended`. Every step runs,
   * whatever the others do; gives what they threw. With `mayRefuse` a listener of `ending` can keep the tenant, and
   * then nothing was changed.
   */
  leave(context: Context<T>, mayRefuse = false): MaybePromise<readonly unknown[]> {
    if (!this.quiet) return drive(this.#leaving(context, mayRefuse));
    context.beginEnding();
    let errors: unknown[] | undefined;
    for (let step = context.takeBack(); step !== undefined; step = step.next) {
      try {
        const undone = step.run();
        if (isThenable(undone)) {
          return drive(undoingFrom(context, step.next, errors ?? [], undone));
        }
      } catch (error) {
        errors ??= [];
        errors.push(error);
      }
    }
    context.markEnded();
    return errors ?? noErrors;
  }

  /** Nobody watches scopes begin and end. */
  get quiet(): boolean {
    const isWatched = lifecycleChannel.hasSubscribers || bootstrapperChannel.hasSubscribers;
    return this.#events.quiet && !isWatched;
  }

  *#entering(context: Context<T>): Steps<void> {
    try {
      yield this.#tell("initializing", context, true);
      let list = this.#bootstrappers;
      publish("bootstrapping", context);
      yield this.#events.emit("bootstrapping", {
        tenant: context.tenant,
        scope: context,
        vetoable: true,
        bootstrappers: list,
        replaceBootstrappers: (other) => {
          list = [...other];
        },
      });
      context.offer(list === this.#bootstrappers ? this.#values : lazyValuesOf(list));
      for (const bootstrapper of list) {
        publishStep("begun", bootstrapper, context);
        const undo = yield bootstrapper.bootstrap?.(context);
        publishStep("done", bootstrapper, context);
        if (typeof undo === "function") context.addUndo(undo as Undo);
      }
      yield this.#tell("bootstrapped", context);
      yield this.#tell("initialized", context);
    } catch (error) {
      yield* this.#unwind(context, error);
    }
  }

  *#bootingFrom(
    context: Context<T>,
    index: number,
    pending: PromiseLike<Undo | void>,
  ): Steps<void> {
    try {
      const undo = yield pending;
      if (typeof undo === "function") context.addUndo(undo as Undo);
      for (const bootstrapper of this.#acting.slice(index + 1)) {
        const next = yield bootstrapper.bootstrap(context);
        if (typeof next === "function") context.addUndo(next as Undo);
      }
    } catch (error) {
      yield* this.#unwind(context, error);
    }
  }

  *#unwind(context: Context<T>, cause: unknown): Steps<never> {
    context.beginEnding();
    const errors = context.destroyLeases();
    errors.push(...(yield* undoing(context.takeBack())));
    context.markEnded();
    if (errors.length === 0) throw cause;
    throw new AggregateError(
      [cause, ...errors],
      `Entering tenant "${context.tenant.id}" failed, and undoing what had been entered failed too.`,
      { cause },
    );
  }

  *#leaving(context: Context<T>, mayRefuse: boolean): Steps<readonly unknown[]> {
    const errors: unknown[] = [];
    if (mayRefuse) yield this.#tell("ending", context, true);
    else yield* attempt(errors, () => this.#tell("ending", context));
    yield* attempt(errors, () => this.#tell("reverting", context));
    yield* this.#settle(context, errors);
    errors.push(...(yield* undoing(context.takeBack())));
    yield* attempt(errors, () => this.#tell("reverted", context));
    yield* attempt(errors, () => this.#tell("ended", context));
    context.markEnded();
    return errors;
  }

  /** Waits for what was begun meanwhile; from then on nothing new begins. */
  *#settle(context: Context<T>, errors: unknown[]): Steps<void> {
    while (!context.idle) errors.push(...((yield this.#drain(context)) as readonly unknown[]));
    context.beginEnding();
  }

  #tell(name: SimpleEvent, context: Context<T>, vetoable = false): MaybePromise<void> {
    publish(name, context);
    if (!this.#events.has(name)) return;
    const { tenant } = context;
    const event = vetoable ? { tenant, scope: context, vetoable } : { tenant, scope: context };
    return this.#events.emit(name, event as TenancyEventMap<T>[SimpleEvent]);
  }
}

type Acting<T extends Tenant> = TenancyBootstrapper<T> &
  Required<Pick<TenancyBootstrapper<T>, "bootstrap">>;

function acts<T extends Tenant>(one: TenancyBootstrapper<T>): one is Acting<T> {
  return one.bootstrap !== undefined;
}

type SimpleEvent = Exclude<(typeof lifecycleEvents)[number], "bootstrapping">;

const noErrors: readonly unknown[] = Object.freeze([]);

/** Runs every step and collects what they throw. */
function* undoing(first: UndoStep | undefined): Steps<unknown[]> {
  const errors: unknown[] = [];
  for (let step = first; step !== undefined; step = step.next) yield* attempt(errors, step.run);
  return errors;
}

function* undoingFrom(
  context: Context,
  next: UndoStep | undefined,
  errors: unknown[],
  pending: PromiseLike<void>,
): Steps<readonly unknown[]> {
  yield* attempt(errors, () => pending);
  errors.push(...(yield* undoing(next)));
  context.markEnded();
  return errors;
}

function* attempt(errors: unknown[], step: () => MaybePromise<void>): Steps<void> {
  try {
    yield step();
  } catch (error) {
    errors.push(error);
  }
}

function publish(event: (typeof lifecycleEvents)[number], context: Context): void {
  if (!lifecycleChannel.hasSubscribers) return;
  lifecycleChannel.publish({ event, tenantId: context.tenant.id, origin: context.origin });
}

function publishStep<T extends Tenant>(
  event: "begun" | "done",
  { name }: TenancyBootstrapper<T>,
  { tenant }: Context<T>,
): void {
  if (!bootstrapperChannel.hasSubscribers) return;
  bootstrapperChannel.publish({ event, bootstrapper: name, tenantId: tenant.id });
}
