import type { Name } from "../core.ts";
import type { Machine, ShelvedIterator } from "../machine.ts";
import { type Place, placeIn, ScopeModel } from "../model.ts";
import type { Body, Operation } from "../operations.ts";
import { attempt, type Callback } from "../oracles.ts";
import { viewOf } from "./bound.ts";
import { consume } from "./consume.ts";

type Plan = Extract<Operation, { op: "generator" }>;
type AnyGenerator = ShelvedIterator["iterator"];

/** Whether a generator was left on the shelf, where scopes do not wait for it. */
interface Shelf {
  left: boolean;
}

/** Makes a generator in a scope of its own or ties one to the scope here, and takes some steps of it. */
export async function generator(machine: Machine, plan: Plan, place: Place): Promise<void> {
  place.scope.host.haunted = true;
  const shelf = { left: false };
  const entry =
    plan.where === "here"
      ? tieHere(machine, plan, place, shelf)
      : await makeIn(machine, plan.where, plan, place, shelf);
  if (entry === undefined) return;

  const which = machine.iterators.push(entry) - 1;
  for (const step of plan.steps) await consume(machine, { op: "consume", which, step }, place);
  shelf.left = true;
  if (plan.shelved) return;
  await consume(machine, { op: "consume", which, step: { at: "here", take: "return" } }, place);
}

async function makeIn(
  machine: Machine,
  where: Name | "central",
  { sync, wrapped, body }: Plan,
  place: Place,
  shelf: Shelf,
): Promise<ShelvedIterator | undefined> {
  const { tenancy } = machine;
  const name = where === "central" ? null : where;
  const own = new ScopeModel("sealed", name);
  const callback: Callback = { begun: false, threw: undefined };
  const quick = sync && undoesSurely(machine);
  let inner = placeIn(own);
  let iterator: AnyGenerator | undefined;

  const make = (): AnyGenerator => {
    callback.begun = true;
    if (name !== null) inner = machine.enter(own, place, name);
    if (inner.scope !== own) inner = lent(inner, shelf);
    return quick ? peeks(machine, body, inner) : steps(machine, body, inner, callback);
  };
  const call: () => AnyGenerator | Promise<AnyGenerator> = wrapped ? async () => make() : make;
  const failed = await attempt(async () => {
    iterator = await machine.call(place, own, "run", () =>
      name === null ? tenancy.central(call) : tenancy.run(machine.refer(name), call),
    );
  });

  if (iterator === undefined) {
    own.end();
    machine.oracles.settled("making a generator", own, callback, failed);
    return undefined;
  }
  const { scope } = inner;
  const shared = { name, scope, iterator, callback, running: false, done: false };
  return { ...shared, own: scope === own, sync: quick };
}

function tieHere(
  machine: Machine,
  { sync, body }: Plan,
  place: Place,
  shelf: Shelf,
): ShelvedIterator | undefined {
  const { core, tenancy, world, oracles } = machine;
  if (oracles.look() === "ended") return undefined;
  const scope = viewOf(machine, place.scope);
  const inner = lent(placeIn(scope, place.detached), shelf);
  const callback: Callback = { begun: true, threw: undefined };
  const made = sync ? peeks(machine, body, inner) : steps(machine, body, inner, callback);

  let iterator: AnyGenerator;
  try {
    iterator = tenancy.bindIterator(made);
  } catch (error) {
    if (place.scope.kind === "outside" && error instanceof core.NoTenantContextError) return;
    throw error;
  }
  if (place.scope.kind === "outside") world.violate("an iterator was bound outside every scope");
  const { name } = scope;
  return { name, scope, iterator, callback, running: false, done: false, own: false, sync };
}

/** Nobody could hear of an undo that fails after the last step of a synchronous generator. */
function undoesSurely({ plan }: Machine): boolean {
  return plan.bootstrappers.every(({ undoFailsAt }) => undoFailsAt === undefined);
}

/** The place of a generator whose scope does not wait for it once it is on the shelf. */
function lent({ scope, detached }: Place, shelf: Shelf): Place {
  return placeIn(scope, () => shelf.left || scope.host.kind === "open" || detached());
}

async function* steps(
  machine: Machine,
  body: Body,
  place: Place,
  callback: Callback,
): AsyncGenerator<unknown> {
  try {
    for (const operation of body) {
      await machine.perform([operation], place);
      yield operation.op;
      machine.oracles.here(place, "where a generator goes on");
    }
  } catch (error) {
    callback.threw = { error };
    throw error;
  } finally {
    machine.oracles.here(place, "where a generator ends");
    await machine.world.pause("the end of a generator");
    machine.oracles.here(place, "where a generator has ended");
  }
}

function* peeks({ oracles }: Machine, body: Body, place: Place): Generator<unknown> {
  try {
    for (const { op } of body) {
      oracles.here(place, "in a synchronous generator");
      yield op;
    }
  } finally {
    oracles.here(place, "where a synchronous generator ends");
  }
}
