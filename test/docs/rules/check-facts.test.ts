import { expect, it } from "vitest";
import { parseSource } from "../../support/parse-source.ts";
import { checkFacts } from "./check-facts.ts";

const facts = (text: string) =>
  checkFacts([parseSource("a.ts", text)]).map(({ name, says }) => [name, says]);

it("reads id, severity and remedy of a check", () => {
  const text = `
    export const a: Check = { id: "x/a", severity: "error", remedy: "Do.", async look() {} };
    const b = Object.freeze({ id: "x/b", severity: "warning", remedy: "Don't." });`;

  expect(facts(text)).toEqual([
    ["x/a", "error Do."],
    ["x/b", "warning Don't."],
  ]);
});

it("does not pass over a check that it cannot read", () => {
  const text = 'const a = { id: "x/a", severity: "error", remedy: "Do " + what };';

  expect(facts(text)).toEqual([["x/a", 'error (no readable remedy: "Do " + what)']]);
});

it("leaves other objects alone", () => {
  expect(facts('const a = { id: "x", severity: "error" }; const b = { id, severity };')).toEqual(
    [],
  );
});
