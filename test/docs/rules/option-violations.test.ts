import { expect, it } from "vitest";
import { parseSource } from "../../support/parse-source.ts";
import { optionViolations } from "./option-violations.ts";

const sources = [
  parseSource("packages/a/src/index.ts", 'export { type BOptions, b } from "./b.ts";'),
  parseSource("packages/a/src/b.ts", "export interface BOptions { one: string; two?: number }"),
];
const table = (title: string, ...rows: string[]) =>
  `| ${title} | default |\n|---|---|\n${rows.map((row) => `| ${row} | |\n`).join("")}`;
const readme = (text: string) => ({ path: "packages/a/README.md", text });
const violations = (text: string, elsewhere: string[] = []) =>
  optionViolations(readme(text), sources, ["packages/a/src/index.ts"], elsewhere);

it("is content when the table has every member and nothing more", () => {
  expect(violations(table("`BOptions`", "`one`", "`two`"))).toEqual([]);
});

it.each([
  ["a member that is missing", table("`BOptions`", "`one`"), 'lacks option of BOptions "two"'],
  ["one too many", table("`BOptions`", "`one`", "`two`", "`three`"), '"three", the code has not'],
])("refuses %s", (_, text, complaint) => {
  expect(violations(text)).toEqual([expect.stringContaining(complaint)]);
});

it("refuses a README without the table, and a table of options that nobody exports", () => {
  expect(violations("# A")).toHaveLength(2);
  expect(violations(table("`COptions`", "`one`"), ["BOptions"])).toEqual([
    expect.stringContaining('a table "COptions"'),
  ]);
});
