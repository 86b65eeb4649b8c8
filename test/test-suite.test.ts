import { existsSync, globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { readManifests } from "./support/read-manifests.ts";
import { repository } from "./support/repository.ts";

const folders = readManifests().map(({ json }) => String(json.name).replace("@af-tenancy/", ""));

describe("S140: the test suite", () => {
  it.each(folders)("proves %s by tests of its own", (folder) => {
    const tests = globSync(`packages/${folder}/test/**/*.test.ts`, { cwd: repository });

    expect(tests.length).toBeGreaterThan(0);
  });

  it.each([
    ["context and concurrency", "packages/core/test/interleavings/interleavings.test.ts"],
    ["isolation of databases", "packages/sqlite/test/isolation.test.ts"],
    ["kill -9 at every step", "packages/provisioning/test/kill-sweep.test.ts"],
    ["hostile hosts", "packages/resolvers/test/canonical-host.test.ts"],
    ["the whole application", "examples/express-sqlite/test/example.test.ts"],
  ])("covers %s", (_what, file) => {
    expect(existsSync(join(repository, file))).toBe(true);
  });
});

it("S142: TypeScript is as strict as it gets", () => {
  const { compilerOptions } = JSON.parse(
    readFileSync(join(repository, "tsconfig.json"), "utf8"),
  ) as { compilerOptions: Readonly<Record<string, unknown>> };

  expect(compilerOptions).toMatchObject({
    strict: true,
    noUncheckedIndexedAccess: true,
    exactOptionalPropertyTypes: true,
    noImplicitOverride: true,
    verbatimModuleSyntax: true,
    isolatedModules: true,
    erasableSyntaxOnly: true,
  });
});
