import { expect, it } from "vitest";
import { namedScripts, scriptFacts } from "./script-facts.ts";

it("reads the scripts of a package.json", () => {
  const found = scriptFacts("package.json", '{ "scripts": { "test": "x", "test:long": "y" } }');

  expect(found.map(({ name }) => name)).toEqual(["test", "test:long"]);
});

it("reads the scripts that a page runs, in code only and each once", () => {
  const text =
    "pnpm on your path\n\n`pnpm test` `pnpm lint`, `pnpm` alone, `pnpm changeset`\n\n" +
    "```sh\nnpx -y pnpm@12 test:long   # long\npnpm test\n```\n";

  const found = namedScripts({ path: "a.md", text }, ["changeset"]);

  expect(found.map(({ name }) => name)).toEqual(["test", "lint", "test:long"]);
});
