import { expect, it } from "vitest";
import { sampleViolations } from "./samples.ts";

const files: Readonly<Record<string, string>> = {
  "examples/a/src/whole.ts": "const a = 1;\n",
  "examples/a/test/parts.test.ts": "// #region one\nconst b = 2;\n// #endregion\n",
};

const violations = (text: string) =>
  sampleViolations([{ path: "docs/a.md", text }], (path) => files[path]);

it.each([
  ["an unmarked block", "```ts\nconst a = 1;\n```", ":1 is no sample"],
  ["a block in the other name of the language", "```typescript\na\n```", ":1 is no sample"],
  ["JavaScript, which is no way around", "```js\na\n```", ":1 is no sample"],
  [
    "a mark that is not right above",
    "<!-- sample: examples/a/src/whole.ts -->\n\n```ts\na\n```",
    "is no sample",
  ],
  [
    "a missing file",
    "<!-- sample: examples/a/src/no.ts -->\n```ts\na\n```",
    'shows "examples/a/src/no.ts", which is not there',
  ],
  ["a file that nothing runs", "<!-- sample: docs/a.ts -->\n```ts\na\n```", "no test runs"],
  [
    "a missing region",
    "<!-- sample: examples/a/test/parts.test.ts#two -->\n```ts\na\n```",
    "no such whole region",
  ],
  [
    "another text",
    "<!-- sample: examples/a/src/whole.ts -->\n```ts\nconst a = 2;\n```",
    "\nconst a = 1;\n",
  ],
  [
    "a lost line",
    "<!-- sample: examples/a/test/parts.test.ts#one -->\n```ts\n```",
    "\nconst b = 2;\n",
  ],
  [
    "a marked block of another language",
    "<!-- sample: examples/a/src/whole.ts -->\n```sh\nls\n```",
    "differs",
  ],
])("refuses %s", (_, text, complaint) => {
  expect(violations(text)).toEqual([expect.stringContaining(complaint)]);
});

it.each([
  ["a whole file", "<!-- sample: examples/a/src/whole.ts -->\n```ts\nconst a = 1;\n```"],
  [
    "a region",
    "Text.\n\n<!-- sample: examples/a/test/parts.test.ts#one -->\n```ts\nconst b = 2;\n```",
  ],
  ["other languages", "```sh\nls\n```\n\n```json\n{}\n```"],
])("allows %s", (_, text) => {
  expect(violations(text)).toEqual([]);
});
