import { Planned } from "../failures.ts";
import type { Machine } from "../machine.ts";
import { type Place, placeIn, ScopeModel } from "../model.ts";
import type { Operation } from "../operations.ts";
import { attempt, type Callback, type Failed } from "../oracles.ts";

/** Runs a body in a tenant. */
export async function run(
  machine: Machine,
  { name, by, reason, caught, body }: Extract<Operation, { op: "run" }>,
  place: Place,
): Promise<void> {
  const { tenancy, world } = machine;
  const own = new ScopeModel("sealed", name);
  const callback: Callback = { begun: false, threw: undefined };
  const before = tenancy.origin().reason;

  const failed = await attempt(() =>
    machine.call(place, own, "run", () =>
      tenancy.run(
        machine.refer(name, by),
        () =>
          machine.track(callback, place, async () => {
            const origin = tenancy.origin().reason;
            if (origin !== (reason ?? before)) world.violate(`the reason "${origin}" leaked`);
            await machine.perform(body, machine.enter(own, place, name));
          }),
        reason === undefined ? undefined : { reason },
      ),
    ),
  );

  leave(machine, `a run of ${name}`, own, callback, failed, caught);
}

/** Runs a synchronous callback in a tenant. */
export async function glance(
  machine: Machine,
  { name, fails }: Extract<Operation, { op: "glance" }>,
  place: Place,
): Promise<void> {
  const own = new ScopeModel("sealed", name);
  const callback: Callback = { begun: false, threw: undefined };

  const failed = await attempt(() =>
    machine.call(place, own, "run", () =>
      machine.tenancy.run(machine.refer(name), () => {
        callback.begun = true;
        machine.oracles.within({ name }, "a glance");
        if (!fails) return;
        callback.threw = { error: new Planned() };
        throw callback.threw.error;
      }),
    ),
  );

  leave(machine, `a glance at ${name}`, own, callback, failed, true);
}

/** Runs a body with no tenant. */
export async function central(
  machine: Machine,
  { caught, body }: Extract<Operation, { op: "central" }>,
  place: Place,
): Promise<void> {
  const own = new ScopeModel("sealed", null);
  const callback: Callback = { begun: false, threw: undefined };

  const failed = await attempt(() =>
    machine.call(place, own, "central", () =>
      machine.tenancy.central(() =>
        machine.track(callback, place, () => machine.perform(body, placeIn(own))),
      ),
    ),
  );

  leave(machine, "central", own, callback, failed, caught);
}

function leave(
  { oracles }: Machine,
  what: string,
  own: ScopeModel,
  callback: Callback,
  failed: Failed,
  caught: boolean,
): void {
  own.end();
  oracles.settled(what, own, callback, failed);
  if (failed !== undefined && !caught) throw failed.error;
}
