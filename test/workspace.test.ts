import { execFileSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { packageViolations } from "./rules/published-packages.ts";
import { readManifests } from "./support/read-manifests.ts";
import { repository } from "./support/repository.ts";

const manifests = readManifests();

it("runs on Node 24, or on the oldest line that is supported", () => {
  const [major] = process.versions.node.split(".");

  expect(["22", "24"]).toContain(major);
});

it("brings Node 24 for its scripts", () => {
  const brought = execFileSync(join(repository, "node_modules/.bin/node"), ["--version"]);

  expect(String(brought)).toMatch(/^v24\./);
});

it("has every package ready to publish", () => {
  const exists = (path: string) => existsSync(join(repository, path));

  const found = manifests.flatMap((manifest) => packageViolations(manifest, exists));

  expect(manifests.length).toBeGreaterThan(0);
  expect(found).toEqual([]);
});

it("gives all published packages one version", () => {
  const { fixed, ignore } = JSON.parse(
    readFileSync(join(repository, ".changeset/config.json"), "utf8"),
  ) as { fixed: string[][]; ignore: string[] };

  const published = manifests.filter(({ json }) => !json.private).map(({ json }) => json.name);

  expect(ignore).toEqual([]);
  expect(published.filter((name) => !fixed.some((group) => covers(group, name)))).toEqual([]);
  expect(new Set(manifests.map(({ json }) => json.version)).size).toBe(1);
});

function covers(group: readonly string[], name = ""): boolean {
  return group.some((pattern) =>
    pattern.endsWith("/*") ? name.startsWith(pattern.slice(0, -1)) : name === pattern,
  );
}
