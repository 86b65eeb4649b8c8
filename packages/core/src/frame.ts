import type { Context } from "./context.ts";
import type { Origin } from "./contracts/bootstrapper.ts";

/** What the AsyncLocalStorage carries: whose scope it is, what stands around it, and the context in force. */
export class Frame {
  /** The tenancy that opened it; another one in the same process looks past it. */
  readonly owner: object;
  readonly parent: Frame | undefined;
  readonly origin: Origin;
  /** Present in an open scope, whose context may change; absent in a sealed one. */
  readonly changes: Changes | undefined;
  /** The context that the frame began with: an open scope's one without a tenant. */
  readonly home: Context;
  #context: Context;

  constructor(
    owner: object,
    parent: Frame | undefined,
    context: Context,
    origin: Origin,
    changes?: Changes,
  ) {
    this.owner = owner;
    this.parent = parent;
    this.origin = origin;
    this.changes = changes;
    this.home = context;
    this.#context = context;
  }

  get context(): Context {
    return this.#context;
  }

  /** Puts another context into force; only the open scope that owns the frame does this. */
  change(context: Context): void {
    this.#context = context;
  }
}

/** What goes on in an open scope, so that its tenant does not change under unfinished work. */
export interface Changes {
  /** The change that is under way. */
  changing: Promise<unknown> | undefined;
  /** The scope's callback has settled; its tenant is being left or was. */
  over: boolean;
  /** What background work threw in stays that are over; it surfaces when the scope ends. */
  readonly failures: unknown[];
  /** How many `run`, `central` and `scope` calls inside are unfinished. */
  children: number;
}
