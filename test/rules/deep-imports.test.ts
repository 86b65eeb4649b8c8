import { expect, it } from "vitest";
import { manifestOf } from "../support/manifest.ts";
import { parseSource } from "../support/parse-source.ts";
import { deepImports } from "./deep-imports.ts";

const manifests = [
  manifestOf("packages/core", `{ "exports": { ".": "./src/index.ts", "./memory": "./src/m.ts" } }`),
];

it.each([
  ["packages/cache/src/a.ts", `import { a } from "@af-tenancy/core/src/scope.ts";`],
  ["packages/cache/test/a.ts", `import { a } from "@af-tenancy/core/dist/index.js";`],
  ["packages/cache/src/a.ts", `import { a } from "../../core/src/scope.ts";`],
  ["packages/cache/src/a.ts", `import { a } from "../test/fixture.ts";`],
  ["packages/cache/test/a.ts", `import { a } from "../../core/src/scope.ts";`],
  ["examples/plain/src/a.ts", `import { a } from "../../../packages/core/src/index.ts";`],
  ["benchmarks/a.ts", `const a = await import("../packages/core/src/index.ts");`],
])("refuses in %s: %s", (path, text) => {
  const found = deepImports([parseSource(path, text)], manifests);

  expect(found).toEqual([expect.stringMatching(`^${path}:1 imports `)]);
});

it.each([
  ["packages/cache/src/a.ts", `import { a } from "@af-tenancy/core";`],
  ["packages/cache/src/a.ts", `import { a } from "@af-tenancy/core/memory";`],
  ["packages/cache/src/deep/a.ts", `import { a } from "../b.ts";`],
  ["packages/cache/test/a.ts", `import { a } from "../src/a.ts";`],
  ["benchmarks/cases/a.ts", `import { a } from "../run.ts";`],
])("allows in %s: %s", (path, text) => {
  expect(deepImports([parseSource(path, text)], manifests)).toEqual([]);
});
