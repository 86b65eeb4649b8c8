import type { Machine } from "../machine.ts";
import type { Place } from "../model.ts";
import type { Operation } from "../operations.ts";

/** Performs a body inside a tenant of another tenancy, which leaves the place in this one as it is. */
export async function stranger(
  machine: Machine,
  { name, body }: Extract<Operation, { op: "stranger" }>,
  place: Place,
): Promise<void> {
  await machine.stranger.run(machine.refer(name), () => machine.perform(body, place));
}
