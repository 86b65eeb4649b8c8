import { expect, it } from "vitest";
import { parseSource } from "../../support/parse-source.ts";
import { benchmarkFacts } from "./benchmark-facts.ts";

it("gives the promise of a benchmark as one sentence", () => {
  const text =
    "import a;\n\n// Promise: costs at most\n// 2x of nothing.\nconst a = 1; // no part\n";

  expect(benchmarkFacts([parseSource("benchmarks/enter.ts", text)])).toEqual([
    { name: "enter", says: "costs at most 2x of nothing.", at: "benchmarks/enter.ts" },
  ]);
});

it("passes over files that promise nothing", () => {
  expect(benchmarkFacts([parseSource("benchmarks/run.ts", 'has("// Promise:");')])).toEqual([]);
});
