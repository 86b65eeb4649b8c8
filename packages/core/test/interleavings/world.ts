import { AsyncLocalStorage } from "node:async_hooks";
import type { Scheduler } from "fast-check";
import type { Scope, Tenant } from "../../src/index.ts";
import { canary, keys, type Name, names } from "./core.ts";
import { ScopeModel } from "./model.ts";
import { Stay } from "./stay.ts";

/** The tenants' tables, everything that happened, and every rule that was broken. */
export class World {
  /** For which scope of the model a bootstrapper runs; apart from the AsyncLocalStorage under test. */
  readonly around = new AsyncLocalStorage<ScopeModel>();
  /** Set within background work, which must not wait for iterators: the scope of one may be waiting for it. */
  readonly background = new AsyncLocalStorage<true>();
  readonly violations: string[] = [];
  readonly #scheduler: Scheduler;
  readonly #tables: ReadonlyMap<Name, Map<number, string>>;
  readonly #stays = new Map<Scope<Tenant>, Stay>();
  #written: number = keys.length;

  constructor(scheduler: Scheduler) {
    this.#scheduler = scheduler;
    this.#tables = new Map(
      names.map((name) => [name, new Map(keys.map((key) => [key, canary(name, key)]))]),
    );
  }

  readonly violate = (what: string): void => {
    this.violations.push(what);
  };

  /** Waits until the scheduler lets this go on. */
  async pause(label: string): Promise<void> {
    await this.#scheduler.schedule(Promise.resolve(), label);
  }

  rowsOf(name: Name): Map<number, string> {
    return this.#tables.get(name) as Map<number, string>;
  }

  /** A value that tells who wrote it. */
  nextCanary(name: Name): string {
    return canary(name, ++this.#written);
  }

  /** The first bootstrapper has begun. */
  enter(context: Scope<Tenant>): Stay {
    const name = context.tenant.slug as Name;
    const around = this.around.getStore() ?? new ScopeModel("outside", null);
    const scope = around.kind === "fleet" ? new ScopeModel("sealed", name) : around;
    const stay = new Stay(name, scope, this.violate);
    if (scope.entered !== undefined) {
      this.violate(`${name} was entered while ${scope.entered.name} was, in one scope`);
    }
    if (scope.kind === "outside") this.violate(`${name} was entered outside every scope`);
    if (scope.kind === "sealed" && scope.name !== name) {
      this.violate(`${name} was entered where ${scope.name ?? "none"} was due`);
    }
    if (scope.kind === "sealed" && scope.stays.length > 0) {
      this.violate(`${name} was entered twice in a sealed scope`);
    }
    scope.entered = stay;
    scope.stays.push(stay);
    if (around !== scope) around.stays.push(stay);
    this.#stays.set(context, stay);
    return stay;
  }

  stayOf(context: Scope<Tenant>): Stay {
    return this.#stays.get(context) as Stay;
  }

  /** Node 22 makes every promise dearer for each AsyncLocalStorage that was ever entered and not disabled. */
  close(): void {
    this.around.disable();
    this.background.disable();
  }

  /** Looks for foreign canaries and for what was never taken back. */
  audit(): void {
    for (const [name, rows] of this.#tables) {
      for (const row of rows.values()) {
        if (!belongsTo(row, name)) this.violate(`${row} was written into ${name}`);
      }
    }
    for (const stay of this.#stays.values()) stay.audit();
  }
}

/** Tells whether a value carries the canary of a tenant. */
export function belongsTo(row: string | undefined, name: Name): boolean {
  return row?.startsWith(`CANARY_${name}_`) ?? false;
}
