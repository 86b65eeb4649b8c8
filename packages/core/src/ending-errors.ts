/**
 * Gives the one error that says everything that went wrong in a scope: the callback's own when it was alone, an
 * `AggregateError` when undoing failed too; `undefined` when nothing did.
 */
export function endingError(
  tenantId: string,
  own: readonly unknown[],
  undoing: readonly unknown[],
): unknown {
  const all = [...own, ...undoing];
  if (all.length === 0) return undefined;
  if (undoing.length === 0 && all.length === 1) return all[0];
  const what = undoing.length === 0 ? "Background work" : "Leaving";
  return new AggregateError(
    all,
    `${what} in the scope of tenant "${tenantId}" failed ${all.length} time(s); the scope has ended all the same.`,
    { cause: all[0] },
  );
}
