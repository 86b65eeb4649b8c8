import { expect, it } from "vitest";
import { brokenLinks } from "./links.ts";

const files = [
  "README.md",
  "docs/a.md",
  "docs/b.md",
  "packages/core/src",
  "packages/core/src/a.ts",
];
const other = { path: "docs/b.md", text: "# Other\n\n## A heading\n" };

const broken = (text: string) =>
  brokenLinks([{ path: "docs/a.md", text }, other], (path) => files.includes(path));

it.each([
  ["[x](missing.md)", 'no "docs/missing.md"'],
  ["[x](../packages/core/src/b.ts)", 'no "packages/core/src/b.ts"'],
  ["[x](b.md#no-heading)", '"docs/b.md" has no such heading'],
  ["[x](#no-heading)", '"docs/a.md" has no such heading'],
  ["[x](../packages/core/src/a.ts#L3)", "has no such heading"],
  ["[x](/docs/b.md)", "not at the root"],
  ["[x](../../elsewhere)", "outside the repository"],
  ["![x](missing.png)", "missing.png"],
  ["[x]: missing.md", "missing.md"],
  ["[a](b.md) and [x](missing.md)", "missing.md"],
])("refuses %s", (text, complaint) => {
  const found = broken(`# A\n\n${text}\n`);

  expect(found).toHaveLength(1);
  expect(found[0]).toMatch(/^docs\/a\.md:3 /);
  expect(found[0]).toContain(complaint);
});

it.each([
  "[x](b.md)",
  "[x](b.md#a-heading)",
  "[x](#a)",
  "[x](../README.md)",
  "[x](../packages/core/src)",
  "[x](https://example.com/no#where)",
  "[x](mailto:someone@example.com)",
  "`list[0](missing.md)`",
  "```md\n[x](missing.md)\n```",
])("allows %s", (text) => {
  expect(broken(`# A\n\n${text}\n`)).toEqual([]);
});
