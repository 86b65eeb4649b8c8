import type { EventEmitter } from "node:events";
import type { Scopes } from "./scopes.ts";
import { storage } from "./storage.ts";

/** A function of any shape. */
export type Callback<A extends readonly unknown[], R> = (this: unknown, ...args: A) => R;

/**
 * Ties a callback to the scope it is bound in: it runs there whoever calls it, and throws `ContextEndedError` once that
 * scope has ended. Bound outside every scope it runs outside every scope.
 */
export function bindCallback<A extends readonly unknown[], R>(
  scopes: Pick<Scopes<never>, "frame" | "seal">,
  fn: Callback<A, R>,
): Callback<A, R> {
  const here = scopes.frame();
  const frame = here && scopes.seal(here);
  return function bound(...args) {
    if (frame !== undefined && frame.context.state === "ended") throw frame.context.ended();
    return storage.run(frame, () => Reflect.apply(fn, this, args) as R);
  };
}

const adding = new Set([
  "on",
  "once",
  "addListener",
  "prependListener",
  "prependOnceListener",
]) as ReadonlySet<string>;
const removing = new Set(["off", "removeListener"]) as ReadonlySet<string>;

type Listener = Callback<readonly unknown[], unknown>;

/**
 * Gives a view of an emitter whose listeners are tied to the scope they are added in, so that an event emitted in
 * another tenant does not run them as that tenant.
 */
export function bindEmitter<E extends EventEmitter>(
  scopes: Pick<Scopes<never>, "frame" | "seal">,
  emitter: E,
): E {
  const known = new WeakMap<Listener, BoundListener>();
  const unscoped = {};
  const here = (): object => scopes.frame()?.context ?? unscoped;

  function bindOnce(listener: Listener): Listener {
    const { byScope } = known.get(listener) ?? { byScope: new WeakMap<object, Listener>() };
    const last = byScope.get(here()) ?? bindCallback(scopes, listener);
    byScope.set(here(), last);
    known.set(listener, { byScope, last });
    return last;
  }

  /** The one of this scope first; else the last, so that a listener can be removed from where it was not added. */
  function boundOf(listener: Listener): Listener {
    const found = known.get(listener);
    return found?.byScope.get(here()) ?? found?.last ?? listener;
  }

  function given(property: string, args: readonly unknown[]): readonly unknown[] {
    const [name, listener] = args as [unknown, Listener];
    if (adding.has(property)) return [name, bindOnce(listener)];
    if (removing.has(property)) return [name, boundOf(listener)];
    return args;
  }

  const view: E = new Proxy(emitter, {
    get(target, property) {
      const member: unknown = Reflect.get(target, property, target);
      if (typeof member !== "function" || typeof property !== "string") return member;
      return (...args: unknown[]) => {
        const result: unknown = Reflect.apply(member, target, given(property, args));
        return result === target ? view : result;
      };
    },
  });
  return view;
}

interface BoundListener {
  readonly byScope: WeakMap<object, Listener>;
  readonly last: Listener;
}
