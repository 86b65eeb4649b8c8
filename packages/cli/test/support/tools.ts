import { execFileSync } from "node:child_process";
import { chmodSync, existsSync, mkdirSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, dirname, join } from "node:path";

/** An environment in which npm and pnpm are found and run on the Node of this process. */
export function toolEnvironment(): NodeJS.ProcessEnv {
  const { CI: _ci, NODE_COMPILE_CACHE: _cache, ...environment } = process.env;
  const path = [dirname(process.execPath), environment.PATH].join(delimiter);
  const has = (program: string) =>
    path.split(delimiter).some((folder) => existsSync(join(folder, program)));
  return { ...environment, PATH: has("pnpm") ? path : [pnpmFolder(), path].join(delimiter) };
}

/** Where a machine has no pnpm of its own, npm brings the one that the workspace names. */
function pnpmFolder(): string {
  const folder = join(tmpdir(), "af-tenancy-pnpm");
  const program = join(folder, "pnpm");
  if (existsSync(program)) return folder;
  const found = execFileSync("npm", ["exec", "--yes", "--package=pnpm@12", "--", "which", "pnpm"]);
  mkdirSync(folder, { recursive: true });
  writeFileSync(program, `#!/bin/sh\nexec "${String(found).trim()}" "$@"\n`);
  chmodSync(program, 0o755);
  return folder;
}
