import { expect, it } from "vitest";
import { parseSource } from "../support/parse-source.ts";
import { enterWithUses } from "./enter-with.ts";

it.each([
  "storage.enterWith(scope);",
  "storage['enterWith'](scope);",
  "storage[`enterWith`](scope);",
  "const { enterWith } = storage;",
  "const { enterWith: enter } = storage;",
])("refuses: %s", (text) => {
  const found = enterWithUses([parseSource("benchmarks/a.ts", `\n${text}`)]);

  expect(found).toEqual(["benchmarks/a.ts:2 uses enterWith: enter a scope with run"]);
});

it.each([
  "storage.run(scope, work);",
  "// never storage.enterWith(scope)",
  "/** Unlike `enterWith`, restores. */ export function run() {}",
  "const message = 'enterWith is never used';",
])("allows: %s", (text) => {
  expect(enterWithUses([parseSource("benchmarks/a.ts", text)])).toEqual([]);
});
