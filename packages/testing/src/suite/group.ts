import { InvalidInputError } from "@af-tenancy/core";
import { describe } from "vitest";

/** Why groups of a contract are left out, by name of the group. */
export type LeftOut<G extends string> = Partial<Readonly<Record<G, string>>>;

/** Declares a group of tests; one with a reason to be left out is not declared at all, so that a skip is never normal. */
export function group<G extends string>(
  name: G,
  leftOut: LeftOut<G> | undefined,
  tests: () => void,
): void {
  const reason = leftOut?.[name];
  if (reason === undefined) {
    describe(name, tests);
    return;
  }
  if (reason.trim() === "") throw new InvalidInputError(`leftOut.${name}`, reason, "say why");
}
