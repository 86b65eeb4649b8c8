import type { Machine } from "../machine.ts";
import { type Place, placeIn, type ScopeModel } from "../model.ts";
import type { Operation } from "../operations.ts";

/** Ties a callback to the scope here and puts it on the shelf. */
export async function bind(
  machine: Machine,
  { body }: Extract<Operation, { op: "bind" }>,
  { scope }: Place,
): Promise<void> {
  scope.host.haunted = true;
  const tied = viewOf(machine, scope);
  const place = placeIn(tied, () => tied.kind !== "outside");

  const call = machine.tenancy.bind(() => {
    machine.oracles.here(place, "at the begin of a bound callback");
    return machine.perform(body, place);
  });

  machine.bound.push({ scope: tied, call: () => call.call(undefined) });
}

/** Calls a callback from the shelf here. */
export async function callBound(
  machine: Machine,
  { which }: Extract<Operation, { op: "callBound" }>,
  place: Place,
): Promise<void> {
  const { bound, core, world } = machine;
  const entry = bound[which % bound.length];
  if (entry === undefined || !machine.mayCallBound()) return;
  const { scope } = entry;
  const wasOver = scope.over;

  let work: Promise<void>;
  try {
    work = machine.call(place, place.scope, "a bound callback", entry.call);
  } catch (error) {
    if (scope.kind !== "outside" && error instanceof core.ContextEndedError) return;
    throw error;
  }
  // What an open scope was before its first tenant has no end of its own.
  const endless = scope.host.kind === "open" && scope.name === null;
  if (wasOver && !endless) world.violate("a bound callback ran after its scope's end");
  await work;
}

/** A sealed view of the scope as it is now. */
export function viewOf({ oracles }: Machine, scope: ScopeModel): ScopeModel {
  if (scope.kind !== "open") return scope;
  const seen = oracles.look();
  const view = scope.pin(seen === "ended" ? null : seen);
  view.over = scope.over;
  return view;
}
