import type { Core, Name, TenancyUnderTest } from "./core.ts";
import {
  BootFailure,
  ConnectionDestroyed,
  contains,
  leavesOf,
  Planned,
  UndoFailure,
} from "./failures.ts";
import { isSure, type Place, type ScopeModel } from "./model.ts";
import type { Stay } from "./stay.ts";
import { belongsTo, type World } from "./world.ts";

/** What `current()` answers: a tenant, none, or that the scope has ended. */
export type Seen = Name | null | "ended";

/** How a scope's callback went, as the callback itself knows it. */
export interface Callback {
  begun: boolean;
  threw: { readonly error: unknown } | undefined;
}

/** Compares what the tenancy does with what the model says. */
export class Oracles {
  readonly #core: Core;
  readonly #tenancy: TenancyUnderTest;
  readonly #world: World;
  readonly #scopes = new Map<ScopeModel, string>();

  constructor(core: Core, tenancy: TenancyUnderTest, world: World) {
    this.#core = core;
    this.#tenancy = tenancy;
    this.#world = world;
  }

  /** Asks which tenant is current here. */
  look(): Seen {
    try {
      return (this.#tenancy.current()?.slug as Name | undefined) ?? null;
    } catch (error) {
      if (error instanceof this.#core.ContextEndedError) return "ended";
      throw error;
    }
  }

  /** The current tenant has to be the model's. */
  here(place: Place, when: string): void {
    const seen = this.look();
    if (may(place, seen)) return;
    const { kind, name, over } = place.scope;
    this.#world.violate(
      `${when}: ${seen} is current in a place of ${name} (${kind}${over ? ", over" : ""}${isSure(place) ? ", sure" : ""})`,
    );
  }

  /** Bootstrappers, undos and listeners run as their own tenant. */
  within(stay: Pick<Stay, "name">, when: string): void {
    const seen = this.look();
    if (seen !== stay.name) this.#world.violate(`${when} of ${stay.name} ran as ${seen}`);
  }

  /** A row was read here, and `seen` was current just before. */
  row(place: Place, row: string | undefined, seen: Seen): void {
    const { scope } = place;
    const owner = scope.kind === "open" && !isSure(place) ? seen : scope.name;
    if (owner === null || owner === "ended" || !belongsTo(row, owner)) {
      this.#world.violate(`${row} was read in a place of ${owner}`);
    }
  }

  /** Something that needs a tenant was refused here. */
  refused(place: Place, error: unknown, what: string): void {
    const { scope } = place;
    const { ContextEndedError, NoTenantContextError, ScopeBusyError, ValueMissingError } =
      this.#core;
    const open = scope.kind === "open";
    const sure = isSure(place);
    if (error instanceof NoTenantContextError && (scope.name === null || (open && !sure))) return;
    if (!sure) {
      if (error instanceof ContextEndedError || error instanceof ConnectionDestroyed) return;
      // A branch of an open scope may find a tenant that another branch is entering or leaving.
      if (scope.host.kind === "open" && error instanceof ValueMissingError) return;
      if (open && error instanceof ScopeBusyError) return;
    }
    this.#world.violate(`${what} in a place of ${scope.name} was refused: ${say(error)}`);
  }

  /** A scope has settled, with or without an error. */
  settled(what: string, scope: ScopeModel, callback: Callback, failed: Failed): void {
    const { violate } = this.#world;
    this.#scopes.set(scope, what);
    scope.surface(failed?.error);
    if (failed === undefined) {
      if (callback.threw) violate(`${what}: the callback's error was swallowed`);
      if (!callback.begun) violate(`${what}: the callback was never called`);
      return;
    }
    this.known(what, failed.error);
    if (callback.threw && !contains(failed.error, callback.threw.error)) {
      violate(`${what}: the callback's error was lost in ${say(failed.error)}`);
    }
  }

  /** What background work threw must have been told to somebody when everything is done. */
  audit(reported: readonly unknown[]): void {
    for (const [scope, what] of this.#scopes) {
      for (const error of reported) scope.surface(error);
      for (const error of scope.surface(undefined)) {
        this.#world.violate(`${what}: what background work threw was swallowed: ${say(error)}`);
      }
    }
  }

  /** Every part of an error has to be one that was planned. */
  known(what: string, error: unknown): void {
    for (const leaf of leavesOf(error)) {
      if (leaf instanceof Planned || leaf instanceof BootFailure) continue;
      if (leaf instanceof UndoFailure || leaf instanceof this.#core.VetoedError) continue;
      this.#world.violate(`${what}: unexpected ${say(leaf)}`);
    }
  }
}

/** The error with which something failed; `undefined` when it did not. */
export type Failed = { readonly error: unknown } | undefined;

/** Waits for work and gives what it failed with. */
export async function attempt(work: () => unknown): Promise<Failed> {
  try {
    await work();
  } catch (error) {
    return { error };
  }
}

function may(place: Place, seen: Seen): boolean {
  const { scope } = place;
  if (scope.kind === "outside") return seen === null;
  if (scope.kind === "open") return mayOpen(place, seen);
  if (scope.name === null) return seen === null;
  if (scope.over) return seen === "ended";
  return seen === scope.name || (seen === "ended" && place.detached());
}

function mayOpen(place: Place, seen: Seen): boolean {
  const { scope } = place;
  if (scope.over) return seen === "ended" || seen === null;
  if (isSure(place)) return seen === scope.name;
  // A tenant may come into force as soon as it is being entered, or once it is.
  if (scope.entered === undefined || (seen === null && scope.changing > 0)) return true;
  return seen === scope.entered.name;
}

function say(error: unknown): string {
  return error instanceof Error ? `${error.name} ${error.message} ${error.stack}` : String(error);
}
