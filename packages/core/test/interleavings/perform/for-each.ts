import type { Tenant } from "../../../src/index.ts";
import { STAY } from "../bootstrappers.ts";
import { names as everyName, type Name } from "../core.ts";
import type { Machine } from "../machine.ts";
import { type Place, placeIn, ScopeModel } from "../model.ts";
import type { Operation } from "../operations.ts";
import { attempt, type Callback } from "../oracles.ts";

/** Runs a body in each tenant of a list. */
export async function forEach(
  machine: Machine,
  { names, concurrency, goesOn, body }: Extract<Operation, { op: "forEach" }>,
  place: Place,
): Promise<void> {
  const { tenancy, world, oracles } = machine;
  const fleet = new ScopeModel("fleet", null);
  const callback: Callback = { begun: true, threw: undefined };
  const expected = (names ?? everyName).length;

  const visit = async (tenant: Tenant): Promise<void> => {
    const name = tenant.slug as Name;
    const stay = tenancy.get(STAY);
    if (stay.name !== name) world.violate(`${name} was visited as ${stay.name}`);
    const own = fleet.stays.includes(stay);
    const inner = own
      ? placeIn(stay.scope)
      : machine.enter(new ScopeModel("sealed", name), place, name);
    await machine.track({ begun: true, threw: undefined }, place, () =>
      machine.perform(body, inner),
    );
  };
  const failed = await attempt(async () => {
    const report = await machine.call(place, fleet, "runForEach", () =>
      tenancy.runForEach(names?.map((name) => machine.refer(name)) ?? null, visit, {
        concurrency,
        ...(goesOn ? { onError: (error) => oracles.known("a visit", error) } : {}),
      }),
    );
    if (report.succeeded + report.failed !== expected) world.violate("a tenant was not visited");
  });

  for (const { scope } of fleet.stays) {
    scope.end();
    if (failed === undefined && goesOn) continue;
    oracles.settled("a visit", scope, callback, failed);
  }
  if (failed === undefined) return;
  if (goesOn) world.violate("runForEach threw though it was to go on");
  throw failed.error;
}
