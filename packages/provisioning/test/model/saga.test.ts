import { testScale } from "@af-tenancy/testing";
import { describe, expect, it } from "vitest";
import { explore } from "./explore.ts";
import { type Bounds, type Safeguards, saga } from "./saga.ts";

const ours: Safeguards = {
  newNames: true,
  remembers: true,
  comparesOwner: true,
  leavesFailures: true,
};
const crashing: Bounds = { crashes: 2, failures: 1, replacements: 0 };
const replacing: Bounds = { crashes: 1, failures: testScale() < 1 ? 0 : 1, replacements: 1 };
const failing: Bounds = { crashes: 0, failures: 1, replacements: 1 };

describe("two provisioners that finish what they find, a deleter and a sweeper", () => {
  it.for([
    ["two of which crash and a step of which fails", crashing],
    ["one of which crashes and one is replaced while it lives", replacing],
  ] as const)(
    "G5: never lose a database or a tenant, nor leave anything undone: %s",
    { timeout: 300_000 },
    ([_, bounds]) => {
      const { states, ends, violations } = explore(saga(ours, bounds));

      expect(violations).toEqual({});
      expect(ends).toBeGreaterThan(2);
      expect(states).toBeGreaterThan(10_000);
    },
  );

  it.for([
    ["newNames", replacing],
    ["remembers", replacing],
    ["comparesOwner", failing],
    ["leavesFailures", failing],
  ] as const)(
    "F057 G5: go wrong without the safeguard %s",
    { timeout: 300_000 },
    ([safeguard, bounds]) => {
      const { violations } = explore(saga({ ...ours, [safeguard]: false }, bounds));

      expect(Object.keys(violations)).not.toEqual([]);
    },
  );
});
