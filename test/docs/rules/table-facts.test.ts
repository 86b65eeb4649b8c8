import { expect, it } from "vitest";
import { tableFacts } from "./table-facts.ts";

it("reads the rows of all tables with the title, with the columns that are asked for", () => {
  const table = (title: string, name: string) =>
    `| ${title} | Class | When | Status |\n|---|---|---|---|\n| \`${name}\` | \`C\` | now | 404 |\n`;
  const text = `${table("Code", "A")}\n${table("Other", "B")}\n${table("Code", "C")}`;

  expect(tableFacts({ path: "a.md", text }, "Code", ["Class", "Status"])).toEqual([
    { name: "A", says: "C 404", at: "a.md:3" },
    { name: "C", says: "C 404", at: "a.md:11" },
  ]);
});

it("says nothing of a column that is not there", () => {
  const text = "| Code |\n|---|\n| A |\n";

  expect(tableFacts({ path: "a.md", text }, "Code", ["Status"])).toMatchObject([{ says: "" }]);
});
