/** Steps of a creation that are journalled by a commit of their own. */
const steps = ["activate"];

/** The moments inside the commit that journals a step, and after it, which is before the next step. */
export function commitOf(step: string): string[] {
  return [`inside commit ${step}`, `after commit ${step}`];
}

/** The boundaries of a creation after its intent: after each step's effect, inside its commit, and after that. */
export const boundaries: readonly string[] = [
  ...["after create", "after migrate", "after verify"],
  ...steps.flatMap(commitOf),
];

/** The boundaries of a creation for the pool. */
export const poolBoundaries: readonly string[] = [
  ...["after create", "after migrate", "after verify"],
  ...commitOf("pool"),
];

/** The boundaries of a pull that has to make the tables first, after its only commit. */
export const pullBoundaries: readonly string[] = [
  ...["after commit pull", "after migrate", "after verify"],
  ...commitOf("activate"),
];

/** The boundaries of a clone after its intent. */
export const cloneBoundaries: readonly string[] = [...boundaries, "before copy", "after copy"];

/** The boundaries of a purge after its intent. */
export const purgeBoundaries: readonly string[] = [
  ...["after commit purge-intent", "before drop", "after drop"],
  ...["drop", "forget"].flatMap(commitOf),
];

/** The boundaries of an adoption after its intent. */
export const adoptionBoundaries: readonly string[] = [
  ...["after commit intent", "before adopt", "after adopt", "after migrate", "after verify"],
  ...["adopt", "migrate", "verify", "activate"].flatMap(commitOf),
];
