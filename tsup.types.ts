import { globSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { defineConfig } from "tsup";

/** What all packages export. Their types are made in one go: alone, each reads those of the others and of libraries again. */
const sources = globSync("*/package.json", { cwd: "packages" }).flatMap((path) => {
  const manifest = JSON.parse(readFileSync(join("packages", path), "utf8"));
  const exported = Object.values(manifest.exports as Record<string, string>);
  return exported.filter((one) => one.endsWith(".ts")).map((one) => join(dirname(path), one));
});

export default defineConfig({
  entry: Object.fromEntries(
    sources.map((path) => [path.replace("/src/", "/dist/").slice(0, -3), `packages/${path}`]),
  ),
  format: "esm",
  target: "node22",
  outDir: "packages",
  dts: { only: true },
  external: [/^[^./]/],
});
