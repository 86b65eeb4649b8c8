import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { repository } from "../../support/repository.ts";
import type { Page } from "./page.ts";

/** Reads the Markdown files that match one of the patterns. */
export function readPages(...patterns: readonly string[]): Page[] {
  return patterns
    .flatMap((pattern) => globSync(pattern, where))
    .sort()
    .map((path) => ({ path, text: readFileSync(join(repository, path), "utf8") }));
}

const where = {
  cwd: repository,
  exclude: (path: string) => /(^|\/)(node_modules|dist|data|coverage|\.turbo)$/.test(path),
};
