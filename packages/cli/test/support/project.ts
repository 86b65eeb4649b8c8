import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join, relative } from "node:path";
import { onTestFinished } from "vitest";

/** What has all packages, as their sources are, that a project on a driver needs. */
export function modulesFor(driver: "sqlite" | "postgresql" | "mysql"): string {
  const example = driver === "mysql" ? "koa-mysql" : "guide";
  return join(import.meta.dirname, "../../../../examples", example, "node_modules");
}

/** Makes a project in a folder of its own, whose name no shell may see; it goes with the test. */
export function makeProject(
  manifest: object | undefined,
  files: Readonly<Record<string, string>> = {},
  modules?: string,
): string {
  const parent = mkdtempSync(join(tmpdir(), "af-tenancy-project-"));
  onTestFinished(() => rmSync(parent, { recursive: true, force: true }));
  const folder = join(parent, "a $(touch pwned)");
  mkdirSync(folder);
  if (manifest !== undefined)
    files = { "package.json": JSON.stringify(manifest, null, 4), ...files };
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(join(folder, name, ".."), { recursive: true });
    writeFileSync(join(folder, name), text);
  }
  if (modules !== undefined) symlinkSync(modules, join(folder, "node_modules"));
  return folder;
}

/** Every file of a folder, by its name, without what is linked. */
export function contentOf(folder: string): Readonly<Record<string, string>> {
  const entries = readdirSync(folder, { recursive: true, withFileTypes: true });
  const paths = entries.map(({ parentPath, name }) => join(parentPath, name));
  return Object.fromEntries(
    paths
      .filter((path) => statSync(path).isFile())
      .map((path) => [relative(folder, path), readFileSync(path, "utf8")]),
  );
}
