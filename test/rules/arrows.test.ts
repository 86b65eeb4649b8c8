import { expect, it } from "vitest";
import { parseSource } from "../support/parse-source.ts";
import { arrowViolations } from "./arrows.ts";

it.each([
  ["core", `import express from "express";`],
  ["core", `import type { Tenant } from "@af-tenancy/database";`],
  ["core", `export { it } from "vitest";`],
  ["core", `type Orm = import("@mikro-orm/core").MikroORM;`],
  ["core", `import fs from "fs";`],
  ["core", `import fs = require("fs");`],
  ["core", `const fs = require("fs");`],
  ["testing", `import { a } from "@af-tenancy/database";`],
  ["express", `import { a } from "@af-tenancy/resolvers";`],
  ["express", `export type { A } from "@af-tenancy/resolvers";`],
  ["express", `const a = await import("@af-tenancy/cache/memory");`],
  ["database", `import { a } from "@af-tenancy/sqlite";`],
  ["sqlite", `import { a } from "@af-tenancy/postgresql";`],
  ["sqlite", `declare module "@af-tenancy/provisioning" {}`],
  ["later", `import { a } from "@af-tenancy/later";`],
])("refuses in %s: %s", (name, text) => {
  const file = parseSource(`packages/${name}/src/a.ts`, `\n${text}`);

  const found = arrowViolations([file]);

  expect(found).toEqual([expect.stringMatching(`^packages/${name}/src/a.ts:2 ${name} imports `)]);
});

it.each([
  ["core", `import { AsyncLocalStorage } from "node:async_hooks"; import { a } from "./a.ts";`],
  ["core", `// import express from "express";`],
  ["testing", `import { a } from "@af-tenancy/core"; import { it } from "vitest";`],
  ["sqlite", `import { a } from "@af-tenancy/core"; import { b } from "@af-tenancy/database";`],
  ["express", `import { a } from "other/resolvers";`],
  ["mysql", `import { a } from "@af-tenancy/database";`],
  ["express", `import express from "express"; import { a } from "@af-tenancy/core";`],
])("allows in %s: %s", (name, text) => {
  expect(arrowViolations([parseSource(`packages/${name}/src/a.ts`, text)])).toEqual([]);
});

it("refuses in core a name that is computed", () => {
  const file = parseSource(
    "packages/core/src/a.ts",
    "const load = (name: string) => import(name);",
  );

  expect(arrowViolations([file])).toEqual([expect.stringMatching("a.ts:1 .*name is computed$")]);
});
