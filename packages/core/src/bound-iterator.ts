import type { Context } from "./context.ts";
import { TenantMismatchError } from "./errors/context-errors.ts";
import type { Frame } from "./frame.ts";
import { isThenable, type MaybePromise } from "./maybe-promise.ts";
import { storage } from "./storage.ts";

/** An iterator of either kind, as generators are. */
export type AnyIterator = Iterator<unknown> | AsyncIterator<unknown>;

/** Tells whether a value is a generator or another iterator, which runs its code only when it is asked. */
export function isIterator(value: unknown): value is AnyIterator {
  if (typeof value !== "object" || value === null) return false;
  if (!(Symbol.asyncIterator in value || Symbol.iterator in value)) return false;
  return "next" in value && typeof value.next === "function";
}

/**
 * Gives an iterator that runs in the frame it was made in, wherever it is consumed. Consuming it inside another tenant
 * throws `TenantMismatchError`, after the end `ContextEndedError`. `onDone` is called once, before the last result is
 * handed over, with what the iterator threw.
 */
export function bindIterator<I extends AnyIterator>(
  iterator: I,
  frame: Frame,
  here: { frame(): Frame | undefined },
  onDone?: (errors: readonly unknown[]) => MaybePromise<void>,
): I {
  const bound = new BoundIterator(iterator, frame, here, onDone);
  return (Symbol.asyncIterator in iterator ? new AsyncFace(bound) : new SyncFace(bound)) as never;
}

type Step = (iterator: AnyIterator) => unknown;

class BoundIterator {
  readonly #iterator: AnyIterator;
  readonly #frame: Frame;
  readonly #here: { frame(): Frame | undefined };
  readonly #onDone: ((errors: readonly unknown[]) => MaybePromise<void>) | undefined;
  #done = false;

  constructor(
    iterator: AnyIterator,
    frame: Frame,
    here: { frame(): Frame | undefined },
    onDone: ((errors: readonly unknown[]) => MaybePromise<void>) | undefined,
  ) {
    this.#iterator = iterator;
    this.#frame = frame;
    this.#here = here;
    this.#onDone = onDone;
  }

  /** Takes a step inside the frame. */
  step(take: Step): unknown {
    return storage.run(this.#frame, take, this.#iterator);
  }

  /** Says that the iterator is at its end. */
  finish(errors: readonly unknown[]): MaybePromise<void> {
    if (this.#done) return;
    this.#done = true;
    return storage.run(this.#frame, () => this.#onDone?.(errors));
  }

  /** Throws where the iterator may not be consumed; it stays as it is, so that it can be elsewhere. */
  check(): void {
    if (this.#done) return;
    const owner = this.#frame.context as Context;
    const current = this.#here.frame()?.context.tenantOrNull;
    const ownerId = owner.tenantOrNull?.id;
    if (current && current.id !== ownerId) {
      throw new TenantMismatchError("An iterator", ownerId ?? "none (central)", current.id);
    }
    if (owner.state === "ended") throw owner.ended();
  }
}

const nextStep =
  (sent: readonly unknown[]): Step =>
  (iterator) =>
    iterator.next(...(sent as []));

const returnStep =
  (value: unknown): Step =>
  (iterator) =>
    iterator.return?.(value) ?? { done: true, value };

const throwStep =
  (error: unknown): Step =>
  (iterator) => {
    if (iterator.throw === undefined) throw error;
    return iterator.throw(error);
  };

class AsyncFace implements AsyncGenerator<unknown> {
  readonly #bound: BoundIterator;

  constructor(bound: BoundIterator) {
    this.#bound = bound;
  }

  next(...sent: [] | [unknown]): Promise<IteratorResult<unknown>> {
    return this.#step(nextStep(sent));
  }

  return(value?: unknown): Promise<IteratorResult<unknown>> {
    return this.#step(returnStep(value));
  }

  throw(error: unknown): Promise<IteratorResult<unknown>> {
    return this.#step(throwStep(error));
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.return();
  }

  async #step(take: Step): Promise<IteratorResult<unknown>> {
    this.#bound.check();
    let result: IteratorResult<unknown>;
    try {
      result = (await this.#bound.step(take)) as IteratorResult<unknown>;
    } catch (error) {
      await this.#bound.finish([error]);
      throw error;
    }
    if (result.done) await this.#bound.finish([]);
    return result;
  }
}

class SyncFace implements Generator<unknown> {
  readonly #bound: BoundIterator;

  constructor(bound: BoundIterator) {
    this.#bound = bound;
  }

  next(...sent: [] | [unknown]): IteratorResult<unknown> {
    return this.#step(nextStep(sent));
  }

  return(value?: unknown): IteratorResult<unknown> {
    return this.#step(returnStep(value));
  }

  throw(error: unknown): IteratorResult<unknown> {
    return this.#step(throwStep(error));
  }

  [Symbol.iterator](): this {
    return this;
  }

  [Symbol.dispose](): void {
    this.return();
  }

  #step(take: Step): IteratorResult<unknown> {
    this.#bound.check();
    let result: IteratorResult<unknown>;
    try {
      result = this.#bound.step(take) as IteratorResult<unknown>;
    } catch (error) {
      this.#finish([error]);
      throw error;
    }
    if (result.done) this.#finish([]);
    return result;
  }

  /** Where undoing is asynchronous nobody waits for it, so what it throws becomes an unhandled rejection. */
  #finish(errors: readonly unknown[]): void {
    const closing = this.#bound.finish(errors);
    if (!isThenable(closing)) return;
    void Promise.resolve(closing).catch((error: unknown) => {
      if (!errors.includes(error)) throw error;
    });
  }
}
