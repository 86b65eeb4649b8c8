import { expect, it } from "vitest";
import { manifestOf } from "../support/manifest.ts";
import { parseSource } from "../support/parse-source.ts";
import { libraryViolations } from "./library-homes.ts";

it.each([
  ["provisioning", "@mikro-orm/core"],
  ["testing", "@mikro-orm/sqlite"],
  ["database", "keyv"],
  ["core", "@keyv/redis"],
])("refuses in %s: %s", (name, library) => {
  const file = parseSource(`packages/${name}/src/a.ts`, `import type { A } from "${library}";`);
  const manifest = manifestOf(`packages/${name}`, `{ "peerDependencies": { "${library}": "*" } }`);

  const found = libraryViolations([file], [manifest]);

  expect(found).toEqual([
    expect.stringMatching(`^packages/${name}/src/a.ts:1 uses "${library}"`),
    expect.stringMatching(`^packages/${name}/package.json:1 uses "${library}"`),
  ]);
});

it.each([
  ["database", "@mikro-orm/core"],
  ["sqlite", "@mikro-orm/sqlite"],
  ["postgresql", "@mikro-orm/postgresql"],
  ["mysql", "@mikro-orm/mysql"],
  ["cache", "keyv"],
  ["cache", "@keyv/redis"],
  ["core", "keyvaluestore"],
])("allows in %s: %s", (name, library) => {
  const file = parseSource(`packages/${name}/src/a.ts`, `import { a } from "${library}";`);
  const manifest = manifestOf(`packages/${name}`, `{ "dependencies": { "${library}": "*" } }`);

  expect(libraryViolations([file], [manifest])).toEqual([]);
});
