import type { Stay as InitializedStay, Tenant } from "../../../src/index.ts";
import { CONNECTION } from "../bootstrappers.ts";
import { keys, type Name } from "../core.ts";
import { ConnectionDestroyed } from "../failures.ts";
import type { Machine } from "../machine.ts";
import { isSure, type Place, placeIn, ScopeModel } from "../model.ts";
import type { Operation } from "../operations.ts";
import { attempt, type Callback, type Failed } from "../oracles.ts";
import { belongsTo } from "../world.ts";

/** Runs a body in an open scope. */
export async function scope(
  machine: Machine,
  { caught, body }: Extract<Operation, { op: "scope" }>,
  place: Place,
): Promise<void> {
  const own = new ScopeModel("open", null);
  const callback: Callback = { begun: false, threw: undefined };

  const failed = await attempt(() =>
    machine.call(place, own, "scope", () =>
      machine.tenancy.scope(() =>
        machine.track(callback, place, () => machine.perform(body, placeIn(own))),
      ),
    ),
  );

  own.end();
  if (own.entered) machine.world.violate(`an open scope ended inside ${own.entered.name}`);
  machine.oracles.settled("an open scope", own, callback, failed);
  if (failed !== undefined && !caught) throw failed.error;
}

/** Makes a tenant the open scope's, and reads through the stay that this gives. */
export async function initialize(
  machine: Machine,
  { name, by, reads }: Extract<Operation, { op: "initialize" }>,
  place: Place,
): Promise<void> {
  let stay: InitializedStay<Tenant> | undefined;
  const failed = await change(
    machine,
    place,
    () => name,
    async () => {
      stay = await machine.tenancy.initialize(machine.refer(name, by));
    },
  );
  if (stay !== undefined) await readThrough(machine, stay, name, reads, place);
  if (failed !== undefined) throw failed.error;
}

/** Leaves the open scope's tenant. */
export async function end(machine: Machine, _: Operation, place: Place): Promise<void> {
  const failed = await change(
    machine,
    place,
    () => null,
    () => machine.tenancy.end(),
  );
  if (failed !== undefined) throw failed.error;
}

/** Leaves and enters the open scope's tenant. */
export async function reinitialize(machine: Machine, _: Operation, place: Place): Promise<void> {
  const failed = await change(
    machine,
    place,
    (before) => before,
    () => machine.tenancy.reinitialize(),
  );
  if (failed !== undefined) throw failed.error;
}

/** Changes an open scope, and gives what was planned to fail in it; everything else has to be refused rightly. */
async function change(
  machine: Machine,
  place: Place,
  target: (before: Name | null) => Name | null,
  call: () => Promise<void>,
): Promise<Failed> {
  const { core, world, oracles } = machine;
  const { scope: open } = place;
  const { ContextEndedError, NoScopeError, ScopeBusyError, ScopeSealedError } = core;
  const wasOver = open.over;
  const busy = open.busy();
  const before = open.name;
  const entered = open.entered;

  open.changing++;
  const failed = await attempt(() => world.around.run(open, call));
  open.changing--;

  const error = failed?.error;
  if (open.kind === "outside" || open.kind === "sealed") {
    const expected = open.kind === "outside" ? NoScopeError : ScopeSealedError;
    if (!(error instanceof expected)) world.violate(`a change was not refused, but ${error}`);
    return undefined;
  }
  const sure = isSure(place);
  if (error instanceof ContextEndedError) {
    if (sure) world.violate("a change was refused as if the scope had ended");
    return undefined;
  }
  if (wasOver) world.violate("a change was made after the scope's end");
  if (error instanceof ScopeBusyError) {
    if (sure) world.violate(`a lone change was refused: ${error.message}`);
    return undefined;
  }
  if (busy !== undefined) world.violate(`a change was made while ${busy}`);
  open.surface(error);
  if (failed !== undefined) oracles.known("a change", error);
  if (sure) follow(machine, open, failed, target(before));
  if (sure && entered !== open.entered) open.leaveStay();
  return failed;
}

/** Nobody else works in the open scope, so that the model knows what it has become. */
function follow(
  { core, world }: Machine,
  open: ScopeModel,
  failed: Failed,
  target: Name | null,
): void {
  const kept =
    failed?.error instanceof core.VetoedError && failed.error.message.includes('"ending"');
  if (kept) return;
  open.name = failed === undefined ? target : null;
  if ((open.entered?.name ?? null) === open.name) return;
  world.violate(`an open scope of ${open.name} is inside ${open.entered?.name}`);
}

/** Reads rows through a stay: they are its tenant's, or it has ended. */
async function readThrough(
  { core, world }: Machine,
  stay: InitializedStay<Tenant>,
  name: Name,
  reads: number,
  place: Place,
): Promise<void> {
  if (stay.tenant.slug !== name) world.violate(`initialize(${name}) gave ${stay.tenant.slug}`);
  for (let i = 0; i < reads; i++) {
    try {
      const row = await stay.get(CONNECTION).read(keys[0]);
      if (!belongsTo(row, name)) world.violate(`${row} was read through a stay in ${name}`);
    } catch (error) {
      const ended = error instanceof core.ContextEndedError || error instanceof ConnectionDestroyed;
      if (ended && !isSure(place)) continue;
      world.violate(`a read through a stay in ${name} was refused: ${error}`);
    }
  }
}
