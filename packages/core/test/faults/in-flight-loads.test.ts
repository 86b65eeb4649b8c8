import fc from "fast-check";
import { expect, it } from "vitest";
import {
  type Tenancy,
  type TenancyBootstrapper,
  type ValueKey,
  valueKey,
} from "../../src/index.ts";
import { startTenancy } from "../support/start-tenancy.ts";
import { acme, globex } from "../support/tenants.ts";

/** Joins loads of the same name that are under way. */
class InFlightLoads {
  readonly #loads = new Map<string, Promise<string>>();

  load(name: string, start: () => Promise<string>): Promise<string> {
    const known = this.#loads.get(name);
    if (known !== undefined) return known;
    const load = start().finally(() => this.#loads.delete(name));
    this.#loads.set(name, load);
    return load;
  }
}

const LOADS: ValueKey<InFlightLoads> = valueKey("in-flight-loads");

const perScope: TenancyBootstrapper = {
  name: "in-flight-loads",
  bootstrap: (scope) => scope.provide(LOADS, () => new InFlightLoads()),
};

it("F011: loads joined by a value of the scope never cross, whoever goes on first", async () => {
  await fc.assert(neverCrosses((tenancy) => tenancy.get(LOADS)));
});

it("F011: the same loads joined by an object of the process do cross", async () => {
  const shared = new InFlightLoads();

  const outcome = await fc.check(neverCrosses(() => shared));

  expect(outcome.failed).toBe(true);
});

/** Two tenants load settings of the same names at the same time; each must see its own. */
function neverCrosses(loadsOf: (tenancy: Tenancy) => InFlightLoads) {
  const visits = fc.array(
    fc.record({ tenant: fc.constantFrom(acme, globex), name: fc.constantFrom("plan", "theme") }),
    { minLength: 2, maxLength: 8 },
  );
  return fc.asyncProperty(fc.scheduler(), visits, async (scheduler, list) => {
    const tenancy = await startTenancy({ bootstrappers: [perScope] });
    const read = async (name: string) => {
      await scheduler.schedule(Promise.resolve());
      return `${tenancy.current()?.slug} ${name}`;
    };

    const loaded = await scheduler.waitFor(
      Promise.all(
        list.map(({ tenant, name }) =>
          tenancy.run(tenant, () => loadsOf(tenancy).load(name, () => read(name))),
        ),
      ),
    );

    expect(loaded).toEqual(list.map(({ tenant, name }) => `${tenant.slug} ${name}`));
  });
}
