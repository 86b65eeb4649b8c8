import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type ts from "typescript";
import { parseSource } from "./parse-source.ts";
import { repository } from "./repository.ts";

/** Parses every source file under the folders, each of which may be a pattern. */
export function readSources(...folders: readonly string[]): ts.SourceFile[] {
  return folders
    .flatMap((folder) => globSync(`${folder}/**/*.{ts,tsx,mts,cts,js,mjs,cjs}`, where))
    .sort()
    .map((path) => parseSource(path, readFileSync(join(repository, path), "utf8")));
}

const where = {
  cwd: repository,
  exclude: (path: string) => /(^|\/)(node_modules|dist|data)$/.test(path),
};
