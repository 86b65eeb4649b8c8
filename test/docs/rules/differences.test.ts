import { expect, it } from "vitest";
import { differences, type Fact } from "./differences.ts";

const fact = (name: string, says = "", at = "a.ts:1"): Fact => ({ name, says, at });
const where = { page: "docs/a.md", what: "code" };

it("is content when both sides say the same, in whichever order", () => {
  expect(differences([fact("A", "1"), fact("B")], [fact("B"), fact("A", "1")], where)).toEqual([]);
});

it.each([
  ["what only the code has", [], [fact("A")], 'docs/a.md lacks code "A" of a.ts:1'],
  ["what only the page has", [fact("A")], [], 'a.ts:1 has code "A", the code has not'],
  ["another fact", [fact("A", "1")], [fact("A", "2")], 'a.ts:1 says "1" of "A", a.ts:1 "2"'],
  ["a name said twice", [fact("A"), fact("A")], [fact("A")], 'has code "A" a second time'],
])("refuses %s", (_, documented, real, complaint) => {
  expect(differences(documented, real, where)).toEqual([expect.stringContaining(complaint)]);
});
