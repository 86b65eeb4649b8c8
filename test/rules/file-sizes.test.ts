import { expect, it } from "vitest";
import { parseSource } from "../support/parse-source.ts";
import { sizeViolations } from "./file-sizes.ts";

it("refuses a file of 251 lines and names it", () => {
  const files = filesOf([250, 251, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1]);

  expect(sizeViolations(files)).toEqual(["packages/core/src/1.ts:251 is line 251 of 251"]);
});

it("refuses a median above 60", () => {
  const files = filesOf([1, 61, 61]);

  expect(sizeViolations(files)).toEqual(["the median of all files is 61 lines, above 60"]);
});

it("refuses a 90th percentile above 150", () => {
  const files = filesOf([1, 1, 1, 1, 1, 1, 1, 1, 151, 151]);

  expect(sizeViolations(files)).toEqual([
    "the 90th percentile of all files is 151 lines, above 150",
  ]);
});

it("allows what a package exports to be as long as it is, and no file of that name elsewhere", () => {
  const short = filesOf(Array<number>(20).fill(1));
  const long = "export {};\n".repeat(251);
  const [exported, other] = ["src/index.ts", "src/ids/index.ts"].map((path) =>
    parseSource(`packages/core/${path}`, long),
  );

  expect(sizeViolations([...short, exported, other].flatMap((file) => file ?? []))).toEqual([
    "packages/core/src/ids/index.ts:251 is line 251 of 251",
  ]);
});

it("allows what is just within", () => {
  expect(sizeViolations(filesOf([60, 60, 60, 60, 60, 60, 60, 60, 150, 250]))).toEqual([]);
});

function filesOf(lengths: readonly number[]) {
  return lengths.map((lines, index) =>
    parseSource(`packages/core/src/${index}.ts`, "export {};\n".repeat(lines)),
  );
}
