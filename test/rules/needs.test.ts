import { expect, it } from "vitest";
import { manifestOf } from "../support/manifest.ts";
import { parseSource } from "../support/parse-source.ts";
import { needViolations } from "./needs.ts";

it.each([
  ["core", "dependencies", "uuid"],
  ["core", "peerDependencies", "vitest"],
  ["core", "optionalDependencies", "keyv"],
  ["cache", "dependencies", "@af-tenancy/core"],
  ["cache", "optionalDependencies", "@af-tenancy/core"],
  ["cache", "peerDependencies", "@af-tenancy/database"],
  ["database", "peerDependencies", "@af-tenancy/sqlite"],
])("refuses of %s in %s: %s", (name, kind, need) => {
  const manifest = manifestOf(`packages/${name}`, `{\n "${kind}": {\n  "${need}": "*" } }`);

  const found = needViolations([manifest], []);

  expect(found).toEqual([expect.stringMatching(`^packages/${name}/package.json:3 .*"${need}"`)]);
});

it("refuses an import that is only a development dependency", () => {
  const manifest = manifestOf(
    "packages/cache",
    `{ "devDependencies": { "@af-tenancy/core": "workspace:*" } }`,
  );
  const file = parseSource("packages/cache/src/a.ts", `import { a } from "@af-tenancy/core";`);

  const found = needViolations([manifest], [file]);

  expect(found).toEqual([expect.stringMatching("^packages/cache/src/a.ts:1 .*no peer dependency")]);
});

it.each([
  ["core", `{ "devDependencies": { "fast-check": "*" } }`],
  ["cache", `{ "dependencies": { "keyv": "*" }, "peerDependencies": { "@af-tenancy/core": "*" } }`],
  ["sqlite", `{ "peerDependencies": { "@af-tenancy/core": "*", "@af-tenancy/database": "*" } }`],
])("allows of %s: %s", (name, text) => {
  expect(needViolations([manifestOf(`packages/${name}`, text)], [])).toEqual([]);
});
