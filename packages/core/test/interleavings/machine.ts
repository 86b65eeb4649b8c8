import type { Tenant, TenantLike } from "../../src/index.ts";
import type { Core, Name, TenancyUnderTest } from "./core.ts";
import { type Place, placeIn, type ScopeModel } from "./model.ts";
import type { Body, By } from "./operations.ts";
import { attempt, type Callback, type Oracles } from "./oracles.ts";
import type { Plan } from "./plan.ts";
import type { World } from "./world.ts";

/** A bound callback on the shelf. */
export interface BoundCallback {
  readonly scope: ScopeModel;
  readonly call: () => Promise<void>;
}

/** An iterator on the shelf. */
export interface ShelvedIterator {
  readonly name: Name | null;
  /** The scope that it runs in, and whether that is its own and ends with it. */
  readonly scope: ScopeModel;
  readonly own: boolean;
  readonly sync: boolean;
  readonly iterator: AsyncGenerator<unknown> | Generator<unknown>;
  readonly callback: Callback;
  running: boolean;
  done: boolean;
}

/** What a machine is made of. */
export interface MachineParts
  extends Pick<
    Machine,
    "core" | "tenancy" | "stranger" | "world" | "oracles" | "plan" | "failures"
  > {
  readonly tenants: ReadonlyMap<Name, Tenant>;
  readonly perform: (machine: Machine, body: Body, place: Place) => Promise<void>;
}

/** What an interpreter of operations works with. */
export class Machine {
  readonly core: Core;
  readonly tenancy: TenancyUnderTest;
  /** Another tenancy with the same tenants. */
  readonly stranger: TenancyUnderTest;
  readonly world: World;
  readonly oracles: Oracles;
  readonly plan: Plan;
  readonly bound: BoundCallback[] = [];
  readonly iterators: ShelvedIterator[] = [];
  /** What `failure` listeners were told. */
  readonly failures: readonly unknown[];
  readonly #tenants: MachineParts["tenants"];
  readonly #perform: MachineParts["perform"];
  readonly #leftovers = new Set<Promise<unknown>>();
  #boundCalls = 0;

  constructor(parts: MachineParts) {
    this.core = parts.core;
    this.tenancy = parts.tenancy;
    this.stranger = parts.stranger;
    this.world = parts.world;
    this.oracles = parts.oracles;
    this.plan = parts.plan;
    this.failures = parts.failures;
    this.#tenants = parts.tenants;
    this.#perform = parts.perform;
  }

  perform(body: Body, place: Place): Promise<void> {
    return this.#perform(this, body, place);
  }

  /** Makes the call for a scope of the model, and sees that it left the tenant here as it was. */
  call<R>(place: Place, scope: ScopeModel, what: string, fn: () => R): R {
    try {
      return this.world.around.run(scope, fn);
    } finally {
      this.oracles.here(place, `right after the call of ${what}`);
    }
  }

  refer(name: Name, by: By = "itself"): TenantLike<Tenant> {
    const tenant = this.#tenants.get(name) as Tenant;
    if (by === "id") return tenant.id;
    return by === "slug" ? { by, value: tenant.slug } : tenant;
  }

  /** Where a callback stands that was called for `own`: in that scope, or in the one around it if that was shared. */
  enter(own: ScopeModel, around: Place, name: Name): Place {
    const { scope, detached } = around;
    const same = scope.name === name && scope.kind === "sealed";
    if (own.stays.length > 0) {
      if (same && !detached()) this.world.violate(`${name} was entered anew inside itself`);
      return placeIn(own);
    }
    if (scope.over) this.world.violate(`a run of ${name} shares a scope that has ended`);
    if (scope.kind === "open") {
      const late = scope.changing > 0;
      return placeIn(scope.pin(name), () => late || detached());
    }
    if (!same) this.world.violate(`a run of ${name} was not entered in a place of ${scope.name}`);
    return around;
  }

  /** Runs a callback's body, and keeps how it went. */
  async track(callback: Callback, around: Place, body: () => Promise<void>): Promise<void> {
    const open = around.scope.kind === "open" ? around.scope : undefined;
    callback.begun = true;
    if (open !== undefined) open.children++;
    try {
      await body();
    } catch (error) {
      callback.threw = { error };
      throw error;
    } finally {
      if (open !== undefined) open.children--;
    }
  }

  /** Keeps work that nobody awaits, for the end of the interleaving. */
  leave(what: string, work: Promise<unknown>): void {
    const left = attempt(() => work).then((failed) => {
      if (failed !== undefined) this.oracles.known(what, failed.error);
      this.#leftovers.delete(left);
    });
    this.#leftovers.add(left);
  }

  /** Resolves when nothing is left behind. */
  async settle(): Promise<void> {
    while (this.#leftovers.size > 0) await Promise.all(this.#leftovers);
  }

  /** Bound callbacks may call each other, so their calls are counted. */
  mayCallBound(): boolean {
    return this.#boundCalls++ < 12;
  }
}
