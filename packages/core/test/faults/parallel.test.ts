import fc from "fast-check";
import { expect, it } from "vitest";
import type { Tenancy, TenantRecord } from "../../src/index.ts";
import { OWNER, ownerBootstrapper, startTenancy } from "../support/start-tenancy.ts";
import { acme, globex } from "../support/tenants.ts";

const places = fc.array(fc.constantFrom(acme, globex, null), { minLength: 2, maxLength: 6 });

it("F005: run and central side by side never cross, whoever goes on first", async () => {
  await fc.assert(
    fc.asyncProperty(fc.scheduler(), places, async (scheduler, list) => {
      const tenancy = await startTenancy({ bootstrappers: [ownerBootstrapper] });
      const turn = () => scheduler.schedule(Promise.resolve());

      const seen = await scheduler.waitFor(
        Promise.all(list.map((place) => canaries(tenancy, place, turn))),
      );

      expect(seen).toEqual(list.map((place) => Array.from({ length: 4 }, () => canaryOf(place))));
      expect(tenancy.current()).toBeNull();
    }),
  );
});

it("F005: one branch that fails leaves the others where they are", async () => {
  const tenancy = await startTenancy({ bootstrappers: [ownerBootstrapper] });
  const later = () => new Promise<void>((resolve) => setImmediate(resolve));

  const settled = await Promise.allSettled([
    tenancy.run(acme, () => Promise.reject(new RangeError("acme fails"))),
    tenancy.run(globex, () => later().then(() => canary(tenancy))),
    tenancy.central(() => later().then(() => canary(tenancy))),
  ]);

  expect(settled).toEqual([
    { status: "rejected", reason: new RangeError("acme fails") },
    { status: "fulfilled", value: "CANARY_globex" },
    { status: "fulfilled", value: "CANARY_central" },
  ]);
});

/** What is seen at four moments inside a scope, also after a stay in another tenant inside it. */
function canaries(
  tenancy: Tenancy,
  place: TenantRecord | null,
  turn: () => Promise<unknown>,
): Promise<string[]> {
  const visit = async () => {
    const seen = [canary(tenancy)];
    await turn();
    seen.push(canary(tenancy));
    await tenancy.run(globex, () => turn());
    seen.push(canary(tenancy));
    await turn();
    return [...seen, canary(tenancy)];
  };
  return place === null ? tenancy.central(visit) : tenancy.run(place, visit);
}

function canary(tenancy: Tenancy): string {
  const tenant = tenancy.current();
  return tenant === null ? canaryOf(null) : canaryOf(tenancy.get(OWNER));
}

function canaryOf(place: { readonly slug: string } | null): string {
  return `CANARY_${place?.slug ?? "central"}`;
}
