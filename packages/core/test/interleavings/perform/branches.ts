import { Planned } from "../failures.ts";
import type { Machine } from "../machine.ts";
import { type Place, placeIn } from "../model.ts";
import type { Operation } from "../operations.ts";

/** Waits for the scheduler, or for some microtasks only. */
export async function pause(
  { world }: Machine,
  { ticks }: Extract<Operation, { op: "pause" }>,
): Promise<void> {
  if (ticks === 0) return world.pause("pause");
  for (let i = 0; i < ticks; i++) await undefined;
}

/** Throws. */
export async function throwPlanned(): Promise<void> {
  throw new Planned();
}

/** Performs bodies at the same time. */
export async function all(
  machine: Machine,
  { settled, branches }: Extract<Operation, { op: "all" }>,
  { scope, detached }: Place,
): Promise<void> {
  let failed = false;
  const place = placeIn(scope, () => failed || detached());
  scope.companions++;
  const work = branches.map(async (body) => {
    try {
      await machine.perform(body, place);
    } catch (error) {
      if (!settled) {
        failed = true;
        scope.host.haunted = true;
      }
      throw error;
    }
  });
  for (const branch of work) machine.leave("a branch", branch);

  try {
    if (!settled) await Promise.all(work);
    for (const result of await Promise.allSettled(work)) {
      if (result.status === "rejected") throw result.reason;
    }
  } finally {
    scope.companions--;
    // Nobody else works in an open scope now, so that its tenant is the one that was entered last.
    if (scope.kind === "open" && !scope.crowded) scope.name = scope.entered?.name ?? null;
  }
}

/** Fire and forget. */
export async function detach(
  machine: Machine,
  { body }: Extract<Operation, { op: "detach" }>,
  { scope }: Place,
): Promise<void> {
  scope.host.haunted = true;
  machine.leave(
    "work left behind",
    machine.perform(
      body,
      placeIn(scope, () => true),
    ),
  );
}

/** Hands work to the scope, which must not end before it is done. */
export async function waitUntil(
  machine: Machine,
  { body }: Extract<Operation, { op: "waitUntil" }>,
  place: Place,
): Promise<void> {
  const { tenancy, world, core, oracles } = machine;
  const { scope } = place;
  const { host } = scope;
  // A bound view of what an open scope was before its first tenant has no end of its own.
  const endless = scope !== host && scope.name === null;
  // A tenant that another branch is entering may fail to be entered, and is not waited for then.
  const holds = !endless && (host.kind !== "open" || host.changing === 0);
  let accepted = false;
  const inner = placeIn(scope, () => !(accepted && holds) || scope.kind === "open");

  const work = machine.world.background.run(true, async () => {
    await world.pause("background");
    try {
      await machine.perform(body, inner);
    } catch (error) {
      if (accepted && !endless) host.failInBackground(error);
      throw error;
    } finally {
      if (accepted && holds) host.background--;
    }
  });
  machine.leave("background work", work);
  host.haunted = true;
  try {
    tenancy.waitUntil(work);
    accepted = true;
    if (holds) host.background++;
  } catch (error) {
    if (scope.kind === "outside" && error instanceof core.NoTenantContextError) return;
    oracles.refused(place, error, "waitUntil");
    return;
  }
  if (scope.kind === "outside") world.violate("waitUntil was accepted outside every scope");
  if (scope.over) world.violate("waitUntil was accepted after the scope's end");
}
