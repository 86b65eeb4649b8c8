import type {
  CreateValue,
  DisposeValue,
  ForgottenLease,
  Origin,
  Scope,
  Undo,
  ValueKey,
} from "./contracts/bootstrapper.ts";
import type { Tenant } from "./contracts/tenant.ts";
import { endedAccessChannel, leaseChannel } from "./diagnostics.ts";
import {
  ContextEndedError,
  NoTenantContextError,
  ValueMissingError,
} from "./errors/context-errors.ts";
import type { LazyValues } from "./lazy-values.ts";
import { ScopeValues } from "./scope-values.ts";
import type { UndoStep } from "./undo-step.ts";

/** One stay in one tenant, or in none (central): its values, leases, background work and undos. */
export class Context<T extends Tenant = Tenant> implements Scope<T> {
  /** `null` in a central context. */
  readonly tenantOrNull: T | null;
  readonly origin: Origin;
  /** Where it was opened; kept only while somebody listens for leaks. */
  readonly #opened: Error | undefined;
  #state: "active" | "ending" | "ended" = "active";
  #offered: LazyValues | undefined;
  #values: ScopeValues | undefined;
  #undoing: UndoStep | undefined;
  #leases: Set<Lease> | undefined;
  #background: Set<Promise<void>> | undefined;
  #backgroundErrors: unknown[] | undefined;
  #controller: AbortController | undefined;
  #onIdle: (() => void) | undefined;
  #outcome: "done" | "failed" | undefined;

  constructor(tenant: T | null, origin: Origin) {
    this.tenantOrNull = tenant;
    this.origin = origin;
    this.#opened = endedAccessChannel.hasSubscribers
      ? new Error("The scope was opened here")
      : undefined;
  }

  get tenant(): T {
    if (this.tenantOrNull === null) throw new NoTenantContextError("This");
    return this.tenantOrNull;
  }

  get state(): "active" | "ending" | "ended" {
    return this.#state;
  }

  /** Nothing is under way that an end would have to wait for. */
  get idle(): boolean {
    return !this.#leases?.size && !this.#background?.size;
  }

  /** Nothing was made, lent or begun in it. */
  get isBare(): boolean {
    const isEmpty = this.#values === undefined && this.#undoing === undefined;
    return isEmpty && this.#controller === undefined && this.idle;
  }

  get leased(): boolean {
    return Boolean(this.#leases?.size);
  }

  get backgroundErrors(): readonly unknown[] {
    return this.#backgroundErrors ?? none;
  }

  get signal(): AbortSignal {
    if (this.#controller === undefined) {
      this.#controller = new AbortController();
      if (this.#state !== "active") this.#controller.abort(this.#endedError());
    }
    return this.#controller.signal;
  }

  /** Has it begin with values that are made when somebody asks. */
  offer(values: LazyValues): void {
    this.#offered = values;
  }

  provide<V>(key: ValueKey<V>, create: CreateValue<V, T>, dispose?: DisposeValue<V>): void {
    if (this.#state !== "active") throw this.ended();
    this.#values ??= new ScopeValues(this.#offered);
    this.#values.provide(key, create as CreateValue<V>, dispose);
  }

  /** Gives a lazy value; throws `NoTenantContextError`, `ContextEndedError` or `ValueMissingError`. */
  get<V>(key: ValueKey<V>): V {
    const what = key.description ?? "This";
    if (this.tenantOrNull === null) throw new NoTenantContextError(what);
    if (this.#state !== "active" && !this.#values?.has(key)) throw this.ended();
    if (this.#offered !== undefined) this.#values ??= new ScopeValues(this.#offered);
    if (this.#values === undefined) throw new ValueMissingError(what);
    return this.#values.get(key, this);
  }

  lease(destroy?: () => void, forgotten?: ForgottenLease): () => void {
    if (this.#state !== "active") throw this.ended();
    const lease: Lease = { destroy, forgotten };
    this.#leases ??= new Set();
    this.#leases.add(lease);
    this.#tellLease("taken");
    return () => {
      if (!this.#leases?.delete(lease)) return;
      this.#tellLease("released");
      this.#checkIdle();
    };
  }

  /**
   * Keeps the context from ending until the work is done. Its rejection is kept for whoever ends the context; `late`
   * hears it when the context was cut off before.
   */
  waitUntil(work: PromiseLike<unknown>, late: (error: unknown) => void): void {
    if (this.#state !== "active") throw this.ended();
    const tracked: Promise<void> = Promise.resolve(work)
      .then(
        () => undefined,
        (error: unknown) => {
          if (this.#state === "ended") return late(error);
          this.#addError(error);
        },
      )
      .finally(() => {
        this.#background?.delete(tracked);
        this.#checkIdle();
      });
    this.#background ??= new Set();
    this.#background.add(tracked);
  }

  /** Says that its code is over, which from now on keeps no lease; background work may still. */
  settle(outcome: "done" | "failed"): void {
    this.#outcome = outcome;
  }

  addUndo(undo: Undo): void {
    this.#undoing = { run: undo, next: this.#undoing };
  }

  /** From here on no new lease, value or background work; what listens to the signal stops. */
  beginEnding(): void {
    if (this.#state !== "active") return;
    this.#state = "ending";
    this.#controller?.abort(this.#endedError());
  }

  markEnded(): void {
    this.#state = "ended";
  }

  /** Everything to take back, in order: created values, last first, then undos, last first. Gives it once. */
  takeBack(): UndoStep | undefined {
    const undos = this.#undoing;
    this.#undoing = undefined;
    return this.#values === undefined ? undos : this.#values.disposals(undos);
  }

  /** Calls back once no lease and no background work is left, or nothing but leases that its code has forgotten. */
  whenIdle(listener: () => void): void {
    this.#onIdle = listener;
    this.#checkIdle();
  }

  /** Takes back what its code has left open; from now on nothing begins that would be left as well. */
  async abandonLeases(): Promise<void> {
    if (this.idle || !this.#isForgotten) return;
    this.beginEnding();
    for (const { forgotten } of [...(this.#leases ?? [])]) {
      try {
        await forgotten?.abandon();
      } catch (error) {
        if (this.#outcome !== "failed") this.#addError(error);
      }
    }
  }

  /** Destroys what the leases still hold, so that it never goes back into a pool. */
  destroyLeases(): unknown[] {
    const errors: unknown[] = [];
    for (const lease of this.#leases ?? []) {
      this.#tellLease("destroyed");
      try {
        lease.destroy?.();
      } catch (error) {
        errors.push(error);
      }
    }
    this.#leases?.clear();
    return errors;
  }

  /** The error for use after the end; tells whoever listens for leaks. */
  ended(): ContextEndedError {
    if (endedAccessChannel.hasSubscribers) {
      const { origin } = this;
      endedAccessChannel.publish({
        tenantId: this.tenantOrNull?.id ?? null,
        origin,
        opened: this.#opened?.stack,
      });
    }
    return this.#endedError();
  }

  get #isForgotten(): boolean {
    if (this.#outcome === undefined || this.#background?.size) return false;
    for (const { forgotten } of this.#leases ?? []) if (!forgotten?.isForgotten) return false;
    return true;
  }

  #addError(error: unknown): void {
    this.#backgroundErrors ??= [];
    this.#backgroundErrors.push(error);
  }

  #endedError(): ContextEndedError {
    return new ContextEndedError(this.tenantOrNull?.id ?? "none (central)");
  }

  #checkIdle(): void {
    if (this.#onIdle === undefined || !(this.idle || this.#isForgotten)) return;
    const listener = this.#onIdle;
    this.#onIdle = undefined;
    listener();
  }

  #tellLease(event: "taken" | "released" | "destroyed"): void {
    if (!leaseChannel.hasSubscribers) return;
    leaseChannel.publish({ event, tenantId: this.tenantOrNull?.id ?? null, origin: this.origin });
  }
}

interface Lease {
  readonly destroy: (() => void) | undefined;
  readonly forgotten: ForgottenLease | undefined;
}

const none: readonly unknown[] = Object.freeze([]);
