import type { Name } from "../core.ts";
import { Planned } from "../failures.ts";
import type { Machine, ShelvedIterator } from "../machine.ts";
import { isSure, type Place } from "../model.ts";
import type { Body, Operation, Step } from "../operations.ts";
import type { Failed } from "../oracles.ts";

/** Takes a step of an iterator from the shelf, here or in another scope. */
export async function consume(
  machine: Machine,
  { which, step }: Extract<Operation, { op: "consume" }>,
  place: Place,
): Promise<void> {
  const entry = machine.iterators[which % machine.iterators.length];
  if (entry === undefined) return;
  const { at, take } = step;
  if (at === "here") return takeStep(machine, entry, take, place);
  const body: Body = [{ op: "consume", which, step: { at: "here", take } }];
  await machine.perform(
    [
      at === "central"
        ? { op: "central", caught: true, body }
        : { op: "run", name: at, by: "itself", reason: undefined, caught: true, body },
    ],
    place,
  );
}

/** Takes a step of an iterator here. */
export async function takeStep(
  machine: Machine,
  entry: ShelvedIterator,
  take: Step["take"],
  place: Place,
): Promise<void> {
  if (entry.running || machine.world.background.getStore()) return;
  const { core, world, oracles } = machine;
  const { name, scope, done } = entry;
  const consumer = tenantOf(place);
  const foreign = consumer !== undefined && consumer !== null && consumer !== name;
  const wasOver = scope.over && !entry.own;

  entry.running = true;
  const { result, failed } = await step(machine, entry, take, place);
  entry.running = false;

  if (failed?.error instanceof core.TenantMismatchError) {
    if (!foreign && consumer !== undefined) world.violate(`${name}'s iterator refused ${consumer}`);
    if (done) world.violate("an iterator at its end refused a step");
    return;
  }
  if (foreign && !done) world.violate(`${consumer} consumed ${name}'s iterator`);
  if (failed?.error instanceof core.ContextEndedError) {
    if (entry.own || done) world.violate("an iterator was refused as if its scope had ended");
    return;
  }
  if (wasOver && !done) world.violate(`an iterator of ${name} ran after its scope's end`);
  if (result?.done !== true && failed === undefined) return;

  entry.done = true;
  if (failed !== undefined) oracles.known("an iterator", failed.error);
  if (entry.own && !entry.sync && !done) {
    scope.end();
    oracles.settled("an iterator", scope, entry.callback, failed);
  }
  if (failed !== undefined) throw failed.error;
}

async function step(
  machine: Machine,
  { iterator }: ShelvedIterator,
  take: Step["take"],
  place: Place,
): Promise<{ readonly result?: IteratorResult<unknown>; readonly failed?: Failed }> {
  try {
    const result = await machine.call(place, place.scope, "a step", () =>
      take === "throw" ? iterator.throw(new Planned()) : iterator[take](undefined),
    );
    return { result };
  } catch (error) {
    return { failed: { error } };
  }
}

/** The tenant that code here is in; `undefined` when the model does not know. */
function tenantOf(place: Place): Name | null | undefined {
  return place.scope.kind !== "open" || isSure(place) ? place.scope.name : undefined;
}
