import { describe, expect, it } from "vitest";
import { anyTypes } from "./rules/any-types.ts";
import { arrowViolations } from "./rules/arrows.ts";
import { asyncStorages } from "./rules/async-storages.ts";
import { importCycles } from "./rules/cycles.ts";
import { deepImports } from "./rules/deep-imports.ts";
import { enterWithUses } from "./rules/enter-with.ts";
import { sizeViolations } from "./rules/file-sizes.ts";
import { libraryViolations } from "./rules/library-homes.ts";
import { moduleState } from "./rules/module-state.ts";
import { moduleWrites } from "./rules/module-writes.ts";
import { needViolations } from "./rules/needs.ts";
import { packageOf } from "./rules/packages.ts";
import { plainErrors } from "./rules/plain-errors.ts";
import { prints } from "./rules/prints.ts";
import { untypedExports } from "./rules/untyped-exports.ts";
import { entriesOf } from "./support/manifest.ts";
import { programOf } from "./support/program-of.ts";
import { readManifests } from "./support/read-manifests.ts";
import { readSources } from "./support/read-sources.ts";

// Each rule is proven able to fail by the test beside it in rules/.
const everything = readSources("packages/*/{src,test}", "examples/*/{src,test}", "benchmarks");
const sources = everything.filter(({ fileName }) => /^packages\/[^/]+\/src\//.test(fileName));
const manifests = readManifests();

it("reads sources of every package", () => {
  const read = new Set(sources.map(({ fileName }) => packageOf(fileName)));

  expect(manifests.length).toBeGreaterThan(0);
  expect([...read]).toEqual(manifests.map(({ folder }) => packageOf(folder)));
});

/** Functions of applications and of drivers under test, whose results nobody uses, and what MikroORM types with any. */
const untyped: readonly RegExp[] = [
  / (Seeder|QueueStep)\(\) gives unknown$/,
  /^packages\/testing\/\S+ (\w*(Manager|Harness|Site|Serving|Databases|Query)|BreakTables)\b.* gives unknown$/,
  / MigrationClass\(\)\.getQueries\(\) gives unknown$/,
  / (SyncedResource|syncedResource\(\))\.tenant is any$/,
  / (CentralTarget|checkDriverOptions\(options\))\.entities is any$/,
];

describe("arrows", () => {
  it("core imports nothing, drivers also database, everyone else only core", () => {
    expect(arrowViolations(sources)).toEqual([]);
  });

  it("@af-tenancy needs are peers, and core has no needs", () => {
    expect(needViolations(manifests, sources)).toEqual([]);
  });

  it("nobody reaches into another package", () => {
    expect(deepImports(everything, manifests)).toEqual([]);
  });

  it("MikroORM and Keyv stay in the packages that own them", () => {
    expect(libraryViolations(sources, manifests)).toEqual([]);
  });

  it("no files import each other in a circle", () => {
    expect(importCycles(sources)).toEqual([]);
  });
});

describe("state", () => {
  // The one process-wide object: every copy of core finds the same AsyncLocalStorage.
  const storage = "packages/core/src/storage.ts";
  const publishing = new RegExp(`^${storage}:\\d+ changes "globalThis"`);

  const found = [...moduleState(sources), ...moduleWrites(sources)];

  it("no module holds or changes state that outlives a call", () => {
    expect(found.filter((violation) => !publishing.test(violation))).toEqual([]);
  });

  it("the one exemption is the AsyncLocalStorage of core, made in one place", () => {
    // Each object of caches has one too, which knows what is being made and nothing of tenants.
    const ofCaches = "packages/cache/src/application/flights.ts";
    const file = sources.find(({ fileName }) => fileName === storage);

    expect(asyncStorages(sources).sort()).toEqual([
      expect.stringContaining(`${ofCaches}:`),
      expect.stringContaining(`${storage}:`),
    ]);
    expect(found.filter((violation) => publishing.test(violation))).toHaveLength(1);
    expect(file?.text).toContain('Symbol.for("@af-tenancy/core")');
  });

  it("F007: nothing uses enterWith", () => {
    const ours = everything.filter(({ fileName }) => !/^[^/]+\/[^/]+\/test\//.test(fileName));

    expect(enterWithUses(ours)).toEqual([]);
  });
});

describe("style", () => {
  it("S142: no type is any", () => {
    expect(anyTypes(sources)).toEqual([]);
  });

  it("S028: what packages export has a type, whoever infers it", () => {
    const found = untypedExports(programOf(manifests.flatMap(entriesOf)));
    const allowed = (one: RegExp) => found.filter((violation) => one.test(violation));

    expect(found.filter((violation) => !untyped.some((one) => one.test(violation)))).toEqual([]);
    expect(untyped.filter((one) => allowed(one).length === 0)).toEqual([]);
  });

  it("no file is above 250 lines, the median at most 60, the 90th percentile at most 150", () => {
    expect(sizeViolations(sources)).toEqual([]);
  });

  it("no plain error is thrown", () => {
    expect(plainErrors(sources)).toEqual([]);
  });

  it("nothing but cli prints", () => {
    expect(prints(sources)).toEqual([]);
  });
});
