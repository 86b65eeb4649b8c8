import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import {
  cpSync,
  existsSync,
  globSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { compile } from "./compile.ts";
import { installed } from "./installed.ts";
import { toolEnvironment } from "./tools.ts";

const root = join(import.meta.dirname, "../../..");
const names = Object.freeze([
  ...["core", "database", "provisioning", "resolvers", "sqlite"],
  ...["express", "koa", "fastify", "cli"],
]);

/**
 * Gives a folder of tarballs as they are published, of packages that were built from the sources as they are. It is made
 * once for the same sources, and kept for the next run.
 */
export async function packed(): Promise<string> {
  const folder = join(tmpdir(), `af-tenancy-packed-${fingerprint()}`);
  if (existsSync(folder)) return folder;
  const draft = mkdtempSync(join(tmpdir(), "af-tenancy-packing-"));
  cpSync(join(root, "../pnpm-workspace.yaml"), join(draft, "pnpm-workspace.yaml"));
  const out = join(draft, "out");
  for (const name of names) await build(name, join(draft, "packages", name));
  await promisify(execFile)(
    "pnpm",
    ["--filter", "./packages/*", "pack", "--pack-destination", out],
    { cwd: draft, env: toolEnvironment() },
  );
  try {
    renameSync(out, folder);
  } catch {
    // another process was faster
  }
  rmSync(draft, { recursive: true });
  return folder;
}

async function build(name: string, folder: string): Promise<void> {
  const source = join(root, name);
  mkdirSync(folder, { recursive: true });
  for (const file of ["package.json", "README.md"]) cpSync(join(source, file), join(folder, file));
  // Whom `workspace:` means.
  symlinkSync(join(source, "node_modules"), join(folder, "node_modules"));
  // What was built for the tests' applications is not built a second time.
  const built = join(await installed(), "node_modules/@af-tenancy", name, "dist");
  if (existsSync(built)) cpSync(built, join(folder, "dist"), { recursive: true });
  else await compile(name, join(folder, "dist"));
}

function fingerprint(): string {
  const hash = createHash("sha256");
  const files = globSync("{pnpm-workspace.yaml,packages/*/{package.json,README.md,src/**/*.ts}}", {
    cwd: join(root, ".."),
  });
  for (const file of files.sort()) {
    hash.update(`${file}\n${readFileSync(join(root, "..", file), "utf8")}`);
  }
  return hash.digest("hex").slice(0, 16);
}

/** The tarballs of a folder. */
export function tarballsIn(folder: string): readonly string[] {
  return readdirSync(folder).map((name) => join(folder, name));
}
