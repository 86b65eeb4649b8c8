import { expect, it } from "vitest";
import { bareCell, tablesOf } from "./tables.ts";

it("reads header, cells and lines, escaped bars included", () => {
  const text =
    "# A\n\n| Key | Type |\n|---|:--|\n| `a` | `x \\| y` |\n| b | |\n\nText | no table\n";

  expect(tablesOf({ path: "a.md", text })).toMatchObject([
    {
      header: ["Key", "Type"],
      rows: [
        { line: 5, cells: ["`a`", "`x | y`"] },
        { line: 6, cells: ["b", ""] },
      ],
    },
  ]);
});

it("reads two tables of one page, and none in a block of code", () => {
  const table = "| a |\n|---|\n| 1 |\n";

  const text = `${table}\n${table}\n\`\`\`md\n${table}\`\`\`\n`;

  expect(tablesOf({ path: "a.md", text })).toHaveLength(2);
});

it.each([
  ["`a`", "a"],
  ["a", "a"],
  ["`a` or `b`", "`a` or `b`"],
  [undefined, ""],
])("bares the cell %s to %s", (cell, expected) => {
  expect(bareCell(cell)).toBe(expected);
});
