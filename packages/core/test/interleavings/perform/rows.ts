import { CONNECTION } from "../bootstrappers.ts";
import type { Name } from "../core.ts";
import type { Machine } from "../machine.ts";
import type { Place } from "../model.ts";
import type { Operation } from "../operations.ts";

/** Reads a row of the current tenant, more than once if asked to. */
export async function read(
  { tenancy, oracles, world }: Machine,
  { key, hold, times }: Extract<Operation, { op: "read" }>,
  place: Place,
): Promise<void> {
  const wasOver = place.scope.over;
  const seen = oracles.look();
  try {
    const connection = tenancy.get(CONNECTION);
    if (hold) await world.pause("hold");
    for (let i = 0; i < times; i++) oracles.row(place, await connection.read(key), seen);
  } catch (error) {
    return oracles.refused(place, error, "a read");
  }
  if (wasOver) world.violate("a read succeeded after the scope's end");
}

/** Writes a row of the current tenant and reads it again. */
export async function write(
  { tenancy, oracles, world }: Machine,
  { key }: Extract<Operation, { op: "write" }>,
  place: Place,
): Promise<void> {
  const seen = oracles.look();
  const owner = place.scope.kind === "open" ? seen : place.scope.name;
  try {
    const connection = tenancy.get(CONNECTION);
    await connection.write(key, world.nextCanary(owner as Name));
    oracles.row(place, await connection.read(key), seen);
  } catch (error) {
    oracles.refused(place, error, "a write");
  }
}

/** Starts a query that ends only by the destruction of its connection, where the client is going to leave. */
export async function hang(
  { tenancy, oracles, world }: Machine,
  _: Operation,
  place: Place,
): Promise<void> {
  if (!place.scope.toBeCutOff || place.scope.name === null) return;
  try {
    await tenancy.get(CONNECTION).hang();
  } catch (error) {
    return oracles.refused(place, error, "a query that hangs");
  }
  world.violate("a query that hangs came to an end");
}
