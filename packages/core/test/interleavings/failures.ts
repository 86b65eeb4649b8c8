/** What a tree of operations throws on purpose. */
export class Planned extends Error {}

/** What a bootstrapper throws on purpose. */
export class BootFailure extends Error {}

/** What an undo throws on purpose. */
export class UndoFailure extends Error {}

/** What a query meets whose connection was destroyed under it. */
export class ConnectionDestroyed extends Error {}

/** What one interleaving ends with when a rule was broken. */
export class RuleBroken extends Error {}

/** Gives the errors that an error is made of. */
export function leavesOf(error: unknown): readonly unknown[] {
  return error instanceof AggregateError ? error.errors.flatMap(leavesOf) : [error];
}

/** Tells whether an error is another one or has it inside. */
export function contains(error: unknown, part: unknown): boolean {
  if (error === part) return true;
  return error instanceof AggregateError && error.errors.some((one) => contains(one, part));
}
