import type { Name } from "./core.ts";
import { contains } from "./failures.ts";
import type { Stay } from "./stay.ts";

/** What the model knows of one scope; it is handed down as an argument, never through the AsyncLocalStorage under test. */
export class ScopeModel {
  readonly kind: "outside" | "sealed" | "open" | "fleet";
  /** The tenant that has to be current; in an open scope it changes. */
  name: Name | null;
  /** Whoever opened it was told that it has ended. */
  over = false;
  /** The client of the request is going to leave. */
  toBeCutOff = false;
  /** The client of the request has left. */
  cutOff = false;
  /** The stays that were bootstrapped for this scope. */
  readonly stays: Stay[] = [];
  /** The stay whose tenant is entered at this moment. */
  entered: Stay | undefined;
  /** Background work that it has to wait for. */
  background = 0;
  /** What background work threw and nobody has been told. */
  #backgroundErrors: readonly unknown[] = [];
  /** Bootstraps and undos of the open scope under way. */
  transitions = 0;
  /** Calls of `initialize`, `end` and `reinitialize` under way, also those about to be refused. */
  changing = 0;
  /** Callbacks of `run`, `central` and `scope` inside the open scope that have begun and not returned. */
  children = 0;
  /** Parallel branches in the open scope. */
  companions = 0;
  /** Something was left behind in the open scope that may go on at any time. */
  haunted = false;
  /** Sealed views of the open scope's present stay. */
  #pins: ScopeModel[] = [];
  readonly #host: ScopeModel | undefined;

  constructor(kind: ScopeModel["kind"], name: Name | null, host?: ScopeModel) {
    this.kind = kind;
    this.name = name;
    this.#host = host;
  }

  /** The open scope whose stay this is a view of, or the scope itself. */
  get host(): ScopeModel {
    return this.#host ?? this;
  }

  /** Several branches may work in the open scope, so that the model does not know its tenant. */
  get crowded(): boolean {
    return this.companions > 0 || this.haunted;
  }

  /** Makes a sealed view of the present stay, as `bind` and a `run` of the same tenant have. */
  pin(name: Name | null): ScopeModel {
    const pin = new ScopeModel("sealed", name, this.host);
    this.host.#pins.push(pin);
    return pin;
  }

  /** The open scope has left the stay that it was in. */
  leaveStay(): void {
    for (const pin of this.#pins) if (pin.name !== null) pin.over = true;
    this.#pins = [];
  }

  /** The scope has ended, and its views with it. */
  end(): void {
    this.over = true;
    this.leaveStay();
  }

  failInBackground(error: unknown): void {
    this.#backgroundErrors = [...this.#backgroundErrors, error];
  }

  /** Somebody was told an error; gives what threw in the background and is not in it. */
  surface(told: unknown): readonly unknown[] {
    this.#backgroundErrors = this.#backgroundErrors.filter((error) => !contains(told, error));
    return this.#backgroundErrors;
  }

  /** Why a change of the open scope has to be refused, if it surely has to be. */
  busy(): string | undefined {
    if (this.transitions > 0) return "a change is under way";
    if (this.children > 0) return "a child is unfinished";
    if (this.background > 0) return "background work is unfinished";
    if ((this.entered?.leases.size ?? 0) > 0) return "a lease is unfinished";
    return undefined;
  }
}

/** Where code stands: its scope, and whether that scope still has to wait for it. */
export interface Place {
  readonly scope: ScopeModel;
  /** Nobody awaits this code any more, so that its scope may end under it. */
  readonly detached: () => boolean;
}

/** A place in a scope that waits for its code unless its client leaves. */
export function placeIn(scope: ScopeModel, detached: () => boolean = () => false): Place {
  return { scope, detached: () => scope.cutOff || detached() };
}

/** The model knows for sure which tenant is current and that its values are there. */
export function isSure({ scope, detached }: Place): boolean {
  return !detached() && !(scope.kind === "open" && scope.crowded);
}
