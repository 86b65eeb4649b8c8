import { expect, it } from "vitest";
import { parseSource } from "../support/parse-source.ts";
import { importCycles } from "./cycles.ts";

it("finds a file that imports itself", () => {
  const files = sourcesOf({ a: `export * from "./a.ts";` });

  expect(importCycles(files)).toEqual([expect.stringContaining("a.ts:1 closes an import cycle")]);
});

it("finds a cycle through several files, once, with its path", () => {
  const files = sourcesOf({
    start: `import "./a.ts"; import "./b.ts";`,
    a: `\nimport { b } from "./b.ts";`,
    b: `\n\nexport { c } from "./c.ts";`,
    c: `\n\n\nconst a = await import("./a.ts");`,
  });

  expect(importCycles(files)).toEqual([
    "packages/core/src/c.ts:4 closes an import cycle: packages/core/src/a.ts -> " +
      "packages/core/src/b.ts -> packages/core/src/c.ts -> packages/core/src/a.ts",
  ]);
});

it("counts an import of types that leaves a bare import behind", () => {
  const files = sourcesOf({
    a: `import { type B } from "./b.ts";`,
    b: `import { type A } from "./a.ts";`,
  });

  expect(importCycles(files)).toHaveLength(1);
});

it("allows diamonds and circles of types alone", () => {
  const files = sourcesOf({
    top: `import "./left.ts"; import "./right.ts";`,
    left: `import "./bottom.ts"; import type { Right } from "./right.ts";`,
    right: `import "./bottom.ts"; import type { Left } from "./left.ts";`,
    bottom: `export type { Top } from "./top.ts";`,
  });

  expect(importCycles(files)).toEqual([]);
});

function sourcesOf(texts: Readonly<Record<string, string>>) {
  return Object.entries(texts).map(([name, text]) =>
    parseSource(`packages/core/src/${name}.ts`, text),
  );
}
