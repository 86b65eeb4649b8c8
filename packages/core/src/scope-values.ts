import type { DisposeValue, GetValue, ValueKey } from "./contracts/bootstrapper.ts";
import { ValueCycleError, ValueExistsError, ValueMissingError } from "./errors/context-errors.ts";
import type { MaybePromise } from "./maybe-promise.ts";

/** The lazy values of one scope: declared when a tenant is entered, created when somebody asks. */
export class ScopeValues {
  readonly #entries: Entry[] = [];
  readonly #creating: Entry[] = [];
  #created: Entry[] = [];

  /** Declares a value; throws `ValueExistsError`. */
  provide<V>(
    key: ValueKey<V>,
    create: (get: GetValue) => V,
    dispose: DisposeValue<V> | undefined,
  ): void {
    if (this.#find(key) !== undefined) throw new ValueExistsError(nameOf(key));
    this.#entries.push({
      key,
      create,
      dispose: dispose as DisposeValue<unknown> | undefined,
      state: "idle",
      value: undefined,
    });
  }

  /**
   * Gives a value, creating it at most once from others that `reader` gives; throws `ValueMissingError` or
   * `ValueCycleError`.
   */
  get<V>(key: ValueKey<V>, reader: { readonly get: GetValue } = this): V {
    const entry = this.#find(key);
    if (entry === undefined) throw new ValueMissingError(nameOf(key));
    if (entry.state === "ready") return entry.value as V;
    if (entry.state === "creating") throw this.#cycle(entry);
    return this.#create(entry, reader) as V;
  }

  /** Tells whether the value was created and not disposed of. */
  has(key: ValueKey<unknown>): boolean {
    return this.#find(key)?.state === "ready";
  }

  /** Gives the disposals of created values, last created first; each value counts as gone once its disposal began. */
  disposals(): (() => MaybePromise<void>)[] {
    const created = this.#created;
    this.#created = [];
    return created.reverse().map((entry) => () => {
      entry.state = "gone";
      return entry.dispose?.(entry.value);
    });
  }

  #find(key: ValueKey<unknown>): Entry | undefined {
    for (const entry of this.#entries) if (entry.key === key) return entry;
    return undefined;
  }

  #create(entry: Entry, reader: { readonly get: GetValue }): unknown {
    entry.state = "creating";
    this.#creating.push(entry);
    try {
      entry.value = entry.create((key) => reader.get(key));
      entry.state = "ready";
      this.#created.push(entry);
      return entry.value;
    } finally {
      this.#creating.pop();
      if (entry.state === "creating") entry.state = "idle";
    }
  }

  #cycle(entry: Entry): ValueCycleError {
    const path = [...this.#creating.slice(this.#creating.indexOf(entry)), entry];
    return new ValueCycleError(path.map(({ key }) => nameOf(key)));
  }
}

interface Entry {
  readonly key: ValueKey<unknown>;
  readonly create: (get: GetValue) => unknown;
  readonly dispose: DisposeValue<unknown> | undefined;
  state: "idle" | "creating" | "ready" | "gone";
  value: unknown;
}

function nameOf(key: symbol): string {
  return key.description ?? "unnamed";
}
