import { globSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { type Manifest, manifestOf } from "./manifest.ts";
import { repository } from "./repository.ts";

/** Reads the manifest of every package of the workspace that is published. */
export function readManifests(): Manifest[] {
  return globSync("packages/*/package.json", { cwd: repository })
    .sort()
    .map((path) => manifestOf(dirname(path), readFileSync(join(repository, path), "utf8")));
}
