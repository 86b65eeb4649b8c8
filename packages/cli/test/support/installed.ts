import { createHash } from "node:crypto";
import {
  existsSync,
  globSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { vi } from "vitest";
import { bundleLarge } from "./bundle-large.ts";
import { compile } from "./compile.ts";

/** What the tests' applications install. */
const packages = Object.freeze([
  ...["core", "database", "provisioning", "sqlite", "postgresql", "mysql", "cli"],
]);

const root = join(import.meta.dirname, "../../..");

/**
 * Gives a folder whose `node_modules` has the packages as npm installs them, built from the sources as they are, with what
 * is large in fewer files. It is made once for the same sources, and kept for the next run.
 */
export async function installed(): Promise<string> {
  const folder = join(tmpdir(), `af-tenancy-installed-${fingerprint()}`);
  const turn = `${folder}-turn`;
  const isReady = () => existsSync(folder) || !existsSync(turn);
  if (!existsSync(folder) && !took(turn)) await vi.waitUntil(isReady, patient).catch(() => false);
  if (existsSync(folder)) return folder;
  const draft = mkdtempSync(join(tmpdir(), "af-tenancy-installing-"));
  try {
    for (const name of packages) await install(name, join(draft, "node_modules"));
    await bundleLarge(join(draft, "node_modules"));
    renameSync(draft, folder);
  } catch (error) {
    rmSync(draft, { recursive: true });
    if (!existsSync(folder)) throw error; // another process was faster
  } finally {
    rmSync(turn, { recursive: true, force: true });
  }
  return folder;
}

/** Whoever died in its turn leaves the others to do it themselves after this. */
const patient = Object.freeze({ timeout: 40_000, interval: 50 });

/** Whether this process is the one that makes the folder: the others would do the same at the same time. */
function took(turn: string): boolean {
  try {
    mkdirSync(turn);
    return true;
  } catch {
    return false;
  }
}

/** The command as it was built. */
export async function builtCommand(): Promise<string> {
  return join(await installed(), "node_modules/@af-tenancy/cli/dist/bin.js");
}

async function install(name: string, modules: string): Promise<void> {
  const source = join(root, name);
  const target = join(modules, "@af-tenancy", name);
  const manifest = JSON.parse(readFileSync(join(source, "package.json"), "utf8"));
  mkdirSync(target, { recursive: true });
  const { publishConfig, ...rest } = manifest;
  writeFileSync(join(target, "package.json"), JSON.stringify({ ...rest, ...publishConfig }));
  await compile(name, join(target, "dist"));
  for (const need of Object.keys({
    ...manifest.dependencies,
    ...manifest.peerDependencies,
    ...manifest.devDependencies,
  })) {
    const link = join(modules, need);
    const installedNeed = join(source, "node_modules", need);
    if (need.startsWith("@af-tenancy/") || existsSync(link) || !existsSync(installedNeed)) continue;
    mkdirSync(dirname(link), { recursive: true });
    symlinkSync(installedNeed, link);
  }
}

function fingerprint(): string {
  const hash = createHash("sha256");
  hash.update(readFileSync(join(root, "../pnpm-lock.yaml")));
  for (const name of packages) {
    const files = globSync(`${name}/{package.json,src/**/*.ts}`, { cwd: root }).sort();
    for (const file of files) hash.update(`${file}\n${readFileSync(join(root, file), "utf8")}`);
  }
  return hash.digest("hex").slice(0, 16);
}
