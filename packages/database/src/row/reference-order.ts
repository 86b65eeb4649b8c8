import type { EntityProperty } from "@mikro-orm/sql";

/** That one thing refers to another, and whether it can do without. */
export interface OrderedReference<T> {
  readonly target: T;
  readonly optional: boolean;
}

/** Things of which some refer to others, those that are referred to first. */
export interface ReferenceOrder<T, R> {
  readonly ordered: readonly T[];
  /** Optional references that run in a circle, also those of a thing to itself. */
  readonly circular: readonly { readonly from: T; readonly reference: R }[];
}

/** Orders things by their references; what does not stand among them is left out. */
export function referenceOrder<T, R extends OrderedReference<T>>(
  things: readonly T[],
  referencesOf: (thing: T) => readonly R[],
): ReferenceOrder<T, R> {
  const ordered: T[] = [];
  const circular: { from: T; reference: R }[] = [];
  const known = new Set(things);
  const state = new Map<T, "open" | "done">();

  function visit(from: T): void {
    state.set(from, "open");
    for (const reference of referencesOf(from)) {
      const { target, optional } = reference;
      if (!known.has(target)) continue;
      if (state.get(target) === undefined) visit(target);
      else if (state.get(target) === "open" && optional) circular.push({ from, reference });
    }
    state.set(from, "done");
    ordered.push(from);
  }

  for (const thing of things) if (state.get(thing) === undefined) visit(thing);
  return { ordered, circular };
}

/** Tells whether a relation has a foreign key in its own table. */
export function hasForeignKey({ kind, owner }: EntityProperty): boolean {
  return kind === "m:1" || (kind === "1:1" && owner === true);
}
