import { isThenable, type MaybePromise } from "./maybe-promise.ts";

/** Steps written as a generator: each `yield` hands over something that may have to be awaited. */
export type Steps<R> = Generator<MaybePromise<unknown>, R, unknown>;

/** Runs steps without a promise for as long as nothing in them needs one. */
export function drive<R>(steps: Steps<R>): MaybePromise<R> {
  let step = steps.next();
  while (!step.done) {
    if (isThenable(step.value)) return finish(steps, step.value);
    step = steps.next(step.value);
  }
  return step.value;
}

async function finish<R>(steps: Steps<R>, pending: PromiseLike<unknown>): Promise<R> {
  let step = await resume(steps, pending);
  while (!step.done) step = await resume(steps, step.value);
  return step.value;
}

async function resume<R>(
  steps: Steps<R>,
  pending: MaybePromise<unknown>,
): Promise<IteratorResult<MaybePromise<unknown>, R>> {
  let value: unknown;
  try {
    value = await pending;
  } catch (error) {
    return steps.throw(error);
  }
  return steps.next(value);
}
