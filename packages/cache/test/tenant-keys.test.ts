import { testScale } from "@af-tenancy/testing";
import fc from "fast-check";
import { expect, it } from "vitest";
import { isKept, keyOf, recordKey } from "../src/tenant-keys.ts";

const parts = fc.stringMatching(/^[:a-z*?[\]{}.\n\0é-]{0,6}$/);
const reference = fc.record({
  by: fc.constantFrom("id" as const, "slug" as const, "domain" as const),
  value: fc.oneof(
    parts,
    fc.tuple(fc.constantFrom("id:", "slug:", "domain:", "::"), parts).map((two) => two.join("")),
  ),
});

it("F093 G8: no two references have the same key", () => {
  const seen = new Map<string, string>();
  fc.assert(
    fc.property(reference, (one) => {
      const name = JSON.stringify([one.by, one.value]);
      const present = seen.get(keyOf(one));
      seen.set(keyOf(one), name);
      return present === undefined || present === name;
    }),
    { numRuns: Math.ceil(100_000 * testScale()) },
  );
  expect(seen.size).toBeGreaterThan(100);
});

it("gives a tenant's record the key of its id", () => {
  expect(recordKey("acme")).toBe(keyOf({ by: "id", value: "acme" }));
});

it("keeps nothing under other names, nor longer ones than any that is registered", () => {
  const kept = ["id", "slug", "domain", "status", "", "__proto__", "ID"].map((by) =>
    isKept({ by, value: "x" }),
  );

  expect(kept).toEqual([true, true, true, false, false, false, false]);
  expect(isKept({ by: "domain", value: "x".repeat(255) })).toBe(true);
  expect(isKept({ by: "domain", value: "x".repeat(256) })).toBe(false);
});
