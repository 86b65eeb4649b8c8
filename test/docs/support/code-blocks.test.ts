import { expect, it } from "vitest";
import { codeBlocks } from "./code-blocks.ts";

it("reads language, text, place and the sample named above", () => {
  const text =
    "Text\n<!-- sample: a.ts#b -->\n```ts\nconst a = 1;\n\nuse(a);\n```\n\n```sh\nls\n```\n";

  const blocks = codeBlocks({ path: "a.md", text });

  expect(blocks).toMatchObject([
    { line: 3, end: 7, language: "ts", text: "const a = 1;\n\nuse(a);", sample: "a.ts#b" },
    { line: 9, end: 11, language: "sh", text: "ls", sample: undefined },
  ]);
});

it("takes the indentation of a block in a list away, and no more", () => {
  const text = "- one\n\n  ```ts\n  if (a) {\n    b();\n\n  }\n  ```\n";

  expect(codeBlocks({ path: "a.md", text })[0]?.text).toBe("if (a) {\n  b();\n\n}");
});

it("does not take a shorter fence for the end, nor another kind of it", () => {
  const text = "````md\n```ts\na\n```\n````\n~~~js\n```\n~~~\n";

  expect(codeBlocks({ path: "a.md", text }).map((block) => block.language)).toEqual(["md", "js"]);
});

it("lets an open block go to the end of the page", () => {
  expect(codeBlocks({ path: "a.md", text: "```ts\na\nb" })).toMatchObject([
    { text: "a\nb", end: 3 },
  ]);
});
