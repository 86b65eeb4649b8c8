import { readFileSync, realpathSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join, relative } from "node:path";
import { build } from "tsup";

/** Of what is installed, what consists of hundreds of modules. */
const large = Object.freeze([
  ...["core", "sql", "sqlite", "postgresql", "mariadb", "mysql", "migrations", "decorators"].map(
    (name) => `@mikro-orm/${name}`,
  ),
  ...["kysely", "cockatiel", "uuid"],
]);
/** What was compiled for this machine or is installed beside them, and what need not be there. */
const beside = Object.freeze([
  ...["better-sqlite3", "pg", "pg-cursor", "mysql2", "reflect-metadata"],
  ...["dataloader", "tinyglobby"],
]);

/**
 * Makes few files of each large package that is linked in `modules`, and of what they share: half a thousand modules take
 * as much of a command's time as all that it does.
 */
export async function bundleLarge(modules: string): Promise<void> {
  const needs = createRequire(
    join(realpathSync(join(modules, "@mikro-orm/sqlite")), "package.json"),
  );
  const native = dirname(needs.resolve("better-sqlite3/package.json"));
  const packages = large.map((name) => describe(join(modules, name), name));
  const outDir = join(modules, ".bundled");
  const isBundled = new RegExp(`^(?!(${beside.join("|")})(/|$))`);
  await build({
    entry: Object.fromEntries(packages.flatMap(({ entries }) => entries)),
    ...{ outDir, outExtension: () => ({ js: ".mjs" }), splitting: true, keepNames: true },
    ...{ format: "esm", target: "node22", noExternal: [isBundled], external: [...beside] },
    ...{ config: false, dts: false, silent: true, clean: false, removeNodeProtocol: false },
  });
  for (const { name, manifest } of packages) {
    const link = join(modules, name);
    writeFileSync(join(outDir, name, "package.json"), JSON.stringify(manifest));
    rmSync(link);
    symlinkSync(relative(dirname(link), join(outDir, name)), link); // the folder is moved
  }
  symlinkSync(native, join(modules, "better-sqlite3"));
}

type Target = string | { readonly [condition: string]: Target };

/** Which files a package is entered by, and what it says of itself once they are bundled. */
function describe(folder: string, name: string) {
  const manifest = JSON.parse(readFileSync(join(folder, "package.json"), "utf8"));
  const { main, module = main, exports: targets = { ".": `./${module}` }, ...rest } = manifest;
  const files = Object.entries(targets as Readonly<Record<string, Target>>)
    .map(([path, target]) => ({ path, file: fileOf(target) }))
    .filter(({ path, file }) => /\.m?js$/.test(file) && !path.includes("*"))
    .map(({ path, file }) => ({ path, file, place: path.replace(/^\.\/?/, "") || "index" }));
  const exports = Object.fromEntries(files.map(({ path, place }) => [path, `./${place}.mjs`]));
  return {
    name,
    manifest: { ...rest, exports: { ...exports, "./package.json": "./package.json" } },
    entries: files.map(({ file, place }) => [`${name}/${place}`, join(realpathSync(folder), file)]),
  };
}

function fileOf(target: Target): string {
  if (typeof target === "string") return target;
  return fileOf(target.node ?? target.import ?? target.default ?? "");
}
