import type { Events, Listener, TenancyEventMap } from "./contracts/events.ts";
import type { Tenant } from "./contracts/tenant.ts";
import { ConfigurationError } from "./errors/configuration-errors.ts";
import { VetoedError } from "./errors/context-errors.ts";
import { isThenable, type MaybePromise } from "./maybe-promise.ts";

/** The names of the events of a scope's life, in order. */
export const lifecycleEvents = [
  "initializing",
  "bootstrapping",
  "bootstrapped",
  "initialized",
  "ending",
  "reverting",
  "reverted",
  "ended",
] as const;

/** The type makes sure that none is missing. */
const known: Readonly<Record<keyof TenancyEventMap, true>> = {
  ...{ initializing: true, bootstrapping: true, bootstrapped: true, initialized: true },
  ...{ ending: true, reverting: true, reverted: true, ended: true },
  ...{ tenantCreating: true, databaseCreating: true, tenantCreated: true },
  ...{ pendingCreating: true, pendingCreated: true, pendingPulling: true, pendingPulled: true },
  ...{ tenantUpdating: true, tenantUpdated: true, domainsUpdating: true, domainsUpdated: true },
  ...{ tenantPurging: true, tenantPurged: true },
  ...{ statusChanging: true, statusChanged: true, conditionsChanged: true },
  ...{
    operationProgress: true,
    migrationTurn: true,
    migrationProgress: true,
    migrationEnded: true,
  },
  ...{ seedingProgress: true, seedingEnded: true },
  ...{ resourceChanged: true, resourceSynced: true, denied: true, failure: true },
};

/** The names of all events that core knows. */
export const eventNames = Object.keys(known) as readonly (keyof TenancyEventMap)[];

/** Keeps the listeners of one tenancy and tells them events, one after the other. */
export class EventBus<T extends Tenant = Tenant> implements Events<T> {
  #listeners: Readonly<Record<string, readonly AnyListener[]>> = {};
  #quiet = true;

  /** Nobody listens to the life of scopes, so entering and leaving need not tell anybody. */
  get quiet(): boolean {
    return this.#quiet;
  }

  on<N extends keyof TenancyEventMap<T>>(name: N, listener: Listener<T, N>): () => void {
    if (typeof listener !== "function") {
      throw new ConfigurationError(
        `events.on("${name}")`,
        `of type ${typeof listener}`,
        "pass a function.",
      );
    }
    const added: AnyListener = (event) => listener(event as TenancyEventMap<T>[N]);
    this.#set(name, [...(this.#listeners[name] ?? []), added]);
    return () =>
      this.#set(
        name,
        (this.#listeners[name] ?? []).filter((one) => one !== added),
      );
  }

  has(name: keyof TenancyEventMap<T>): boolean {
    return (this.#listeners[name]?.length ?? 0) > 0;
  }

  emit<N extends keyof TenancyEventMap<T>>(
    name: N,
    event: TenancyEventMap<T>[N],
  ): MaybePromise<void> {
    const listeners = this.#listeners[name];
    if (listeners !== undefined) return tell(name, listeners, 0, event);
  }

  #set(name: string, listeners: readonly AnyListener[]): void {
    this.#listeners = { ...this.#listeners, [name]: listeners };
    this.#quiet = lifecycleEvents.every((lifecycle) => !this.has(lifecycle));
  }
}

type AnyListener = (event: unknown) => MaybePromise<false | void>;

function tell(
  name: string,
  listeners: readonly AnyListener[],
  from: number,
  event: object,
): MaybePromise<void> {
  for (let i = from; i < listeners.length; i++) {
    const answer = listeners[i]?.(event);
    if (isThenable(answer)) {
      return answer.then((later) => {
        refuse(name, event, later);
        return tell(name, listeners, i + 1, event);
      });
    }
    refuse(name, event, answer);
  }
}

function refuse(name: string, event: object, answer: false | void): void {
  if (answer === false && "vetoable" in event) throw new VetoedError(name);
}
