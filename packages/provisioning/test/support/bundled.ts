import { mkdirSync, renameSync, rmSync } from "node:fs";
import { createRequire } from "node:module";
import { join, relative } from "node:path";
import { build, type Options } from "tsup";

const repository = join(import.meta.dirname, "../../../..");
const kept = join(repository, "node_modules/.cache/bundled");
const made = new Map<string, Promise<string>>();

/**
 * Gives one file that has a program and all it imports, as the sources are, which is made once by each process: a thousand
 * modules take four times as long to load as one.
 */
export function bundled(program: string): Promise<string> {
  const file = made.get(program) ?? bundle(program);
  made.set(program, file);
  return file;
}

async function bundle(program: string): Promise<string> {
  const outDir = join(kept, `${process.pid}`);
  const name = relative(repository, program).replaceAll(/\W/g, "-");
  mkdirSync(kept, { recursive: true });
  await build({
    ...{ entry: { [name]: program }, outDir, outExtension: () => ({ js: ".mjs" }) },
    ...{ config: false, dts: false, silent: true, clean: false, splitting: false },
    ...{ format: "esm", target: "node22", platform: "node", noExternal: [/./], keepNames: true },
    esbuildPlugins: [asInstalled],
    banner: { js: required },
  });
  const file = join(kept, `${name}.mjs`);
  renameSync(join(outDir, `${name}.mjs`), file); // others may run what is there
  rmSync(outDir, { recursive: true });
  return file;
}

/** What was compiled for this machine stays where it is. */
const asInstalled: NonNullable<Options["esbuildPlugins"]>[number] = {
  name: "as-installed",
  setup({ onResolve }) {
    onResolve({ filter: /^better-sqlite3$/ }, ({ path, resolveDir }) => ({
      path: createRequire(join(resolveDir, "any.js")).resolve(path),
      external: true,
    }));
  },
};

/** Some of what is bundled is CommonJS. */
const required = `
import { createRequire as requireOf } from "node:module";
const require = requireOf(import.meta.url);`;
