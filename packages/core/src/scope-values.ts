import type {
  CreateValue,
  DisposeValue,
  GetValue,
  Scope,
  ValueKey,
} from "./contracts/bootstrapper.ts";
import { valueChannel } from "./diagnostics.ts";
import { ValueCycleError, ValueExistsError, ValueMissingError } from "./errors/context-errors.ts";
import type { LazyValues } from "./lazy-values.ts";
import type { MaybePromise } from "./maybe-promise.ts";
import type { UndoStep } from "./undo-step.ts";

/** The lazy values of one scope: there from its beginning or declared while it is entered, created when somebody asks. */
export class ScopeValues {
  /** Those of every scope; they are declared here once somebody asks. */
  readonly #offered: LazyValues | undefined;
  /** Linked, newest first: most scopes end before anybody asks for a value, and a list would cost more than a look. */
  #declared: Entry | undefined;
  /** What is being created, each for the one before it. */
  #creating: Entry[] | undefined;
  #created: Entry[] | undefined;

  constructor(offered?: LazyValues) {
    this.#offered = offered;
  }

  /** Declares a value; throws `ValueExistsError`. */
  provide<V>(key: ValueKey<V>, create: CreateValue<V>, dispose: DisposeValue<V> | undefined): void {
    if (this.#find(key) !== undefined) throw new ValueExistsError(nameOf(key));
    this.#declare(key, create, dispose as Entry["dispose"]);
  }

  /**
   * Gives a value, creating it at most once for the scope that asks, from others that it gives; throws
   * `ValueMissingError` or `ValueCycleError`.
   */
  get<V>(key: ValueKey<V>, reader: ValueReader): V {
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

  /**
   * Gives the disposals of created values, last created first, and then `others`; each value counts as gone once its
   * disposal began.
   */
  disposals(others?: UndoStep): UndoStep | undefined {
    let steps = others;
    for (const entry of this.#created ?? none) steps = { run: () => dispose(entry), next: steps };
    this.#created = undefined;
    return steps;
  }

  #find(key: ValueKey<unknown>): Entry | undefined {
    let entry = this.#declared;
    while (entry !== undefined && entry.key !== key) entry = entry.before;
    if (entry !== undefined) return entry;
    const offered = this.#offered?.get(key);
    return offered && this.#declare(key, offered.create, offered.dispose as Entry["dispose"]);
  }

  #declare(key: ValueKey<unknown>, create: CreateValue<unknown>, dispose: Entry["dispose"]): Entry {
    const before = this.#declared;
    this.#declared = { key, create, dispose, state: "idle", value: undefined, before };
    return this.#declared;
  }

  #create(entry: Entry, reader: ValueReader): unknown {
    entry.state = "creating";
    this.#creating ??= [];
    this.#creating.push(entry);
    publish("begun", entry, reader);
    try {
      entry.value = entry.create((key) => reader.get(key), reader);
      entry.state = "ready";
      this.#created ??= [];
      this.#created.push(entry);
      publish("made", entry, reader);
      return entry.value;
    } finally {
      this.#creating?.pop();
      if (entry.state === "creating") entry.state = "idle";
    }
  }

  #cycle(entry: Entry): ValueCycleError {
    const creating = this.#creating ?? [];
    const path = [...creating.slice(creating.indexOf(entry)), entry];
    return new ValueCycleError(path.map(({ key }) => nameOf(key)));
  }
}

/** A scope whose values can be read. */
type ValueReader = Scope & {
  readonly get: GetValue;
  readonly tenantOrNull: Scope["tenant"] | null;
};

interface Entry {
  readonly key: ValueKey<unknown>;
  readonly create: CreateValue<unknown>;
  readonly dispose: DisposeValue<unknown> | undefined;
  state: "idle" | "creating" | "ready" | "gone";
  value: unknown;
  /** The one that was declared before it. */
  readonly before: Entry | undefined;
}

const none: readonly Entry[] = Object.freeze([]);

function dispose(entry: Entry): MaybePromise<void> {
  entry.state = "gone";
  return entry.dispose?.(entry.value);
}

function publish(event: "begun" | "made", { key }: Entry, { tenantOrNull }: ValueReader): void {
  if (!valueChannel.hasSubscribers) return;
  valueChannel.publish({ event, value: nameOf(key), tenantId: tenantOrNull?.id ?? null });
}

function nameOf(key: symbol): string {
  return key.description ?? "unnamed";
}
