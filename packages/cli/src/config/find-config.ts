import { existsSync, statSync } from "node:fs";
import { dirname, isAbsolute, join, resolve } from "node:path";

/** Names of configurations, the first that is there counts. */
const configNames: readonly string[] = Object.freeze(
  ["ts", "mts", "cts", "js", "mjs", "cjs"].map((extension) => `tenancy.config.${extension}`),
);

/** Finds the configuration of an application in a folder or the nearest one above it. */
export function findConfig(folder: string): string | undefined {
  for (const name of configNames) {
    const path = join(folder, name);
    if (existsSync(path)) return path;
  }
  const above = dirname(folder);
  return above === folder ? undefined : findConfig(above);
}

/** Gives the path that was named; `undefined` where no file is there. */
export function namedConfig(folder: string, path: string): string | undefined {
  const named = isAbsolute(path) ? path : resolve(folder, path);
  return statSync(named, { throwIfNoEntry: false })?.isFile() === true ? named : undefined;
}
