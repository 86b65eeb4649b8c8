/** A value that is there at once or comes later; callers await it only when it is a thenable. */
export type MaybePromise<V> = V | PromiseLike<V>;

/** Tells whether a value has to be awaited. */
export function isThenable<V>(value: MaybePromise<V>): value is PromiseLike<V> {
  return (
    value !== null &&
    (typeof value === "object" || typeof value === "function") &&
    typeof (value as { then?: unknown }).then === "function"
  );
}
