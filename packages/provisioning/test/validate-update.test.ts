import { InvalidInputError } from "@af-tenancy/core";
import { expect, it } from "vitest";
import { validateUpdate } from "../src/validate-update.ts";
import { thrownBy } from "./support/thrown-by.ts";

it("gives a frozen copy of the changes", () => {
  const changes = { slug: "a", name: "A", plan: "p", metadata: { x: 1 }, domains: ["a.com"] };

  const update = validateUpdate(changes);

  expect(update).toEqual(changes);
  expect(Object.isFrozen(update)).toBe(true);
  expect(Object.isFrozen(update.metadata)).toBe(true);
});

it("tells a plan that is taken away from one that is not spoken of", () => {
  expect(Object.hasOwn(validateUpdate({ plan: undefined }), "plan")).toBe(true);
  expect(Object.keys(validateUpdate({ slug: undefined, name: undefined }))).toEqual([]);
  expect(Object.keys(validateUpdate(Object.create({ plan: undefined })))).toEqual([]);
});

it.each([
  [null],
  [{ slug: "A" }],
  [{ slug: null }],
  [{ plan: null }],
  [{ plan: "" }],
  [{ name: 7 }],
  [{ metadata: [] }],
  [{ domains: ["A.com"] }],
  [{ domains: ["a.com"], expectedDomains: ["A.com"] }],
  [{ expectedDomains: ["a.com"] }],
  [{ status: "active" }],
  [{ placement: {} }],
  [{ id: "x" }],
  [{ version: 1 }],
])("refuses %j", async (changes) => {
  expect(await thrownBy(() => validateUpdate(changes))).toBeInstanceOf(InvalidInputError);
});
