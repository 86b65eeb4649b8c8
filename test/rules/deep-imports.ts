import { posix } from "node:path";
import type ts from "typescript";
import { type Import, importsOf } from "../support/imports-of.ts";
import type { Manifest } from "../support/manifest.ts";
import { report } from "../support/report.ts";
import { scopedPackageOf } from "./packages.ts";

/** Finds imports that reach into another package past its `exports`, by name or by a relative path. */
export function deepImports(
  sources: readonly ts.SourceFile[],
  manifests: readonly Manifest[],
): string[] {
  return sources.flatMap((file) =>
    importsOf(file).flatMap((found) => {
      const complaint = complain(file.fileName, found, manifests);
      return complaint === undefined ? [] : [report(found.node, complaint)];
    }),
  );
}

function complain(
  path: string,
  { specifier = "" }: Import,
  manifests: readonly Manifest[],
): string | undefined {
  if (specifier.startsWith(".")) return complainAboutPath(path, specifier);
  const to = scopedPackageOf(specifier);
  const target = manifests.find(({ folder }) => folder === `packages/${to}`);
  if (to === undefined || target === undefined) return undefined;
  const subpath = `.${specifier.slice(`@af-tenancy/${to}`.length)}`;
  if (target.json.exports?.[subpath] !== undefined) return undefined;
  return `imports "${specifier}", which is no entry in the exports of @af-tenancy/${to}`;
}

function complainAboutPath(path: string, specifier: string): string | undefined {
  const home = homeOf(path);
  const target = posix.join(posix.dirname(path), specifier);
  if (target.startsWith(`${home}/`)) return undefined;
  return `imports "${specifier}", which lies outside ${home}`;
}

/** Sources stay in their `src`, so that what is published is whole; tests may look at the package around them. */
function homeOf(path: string): string {
  const [root = "", name = "", inside = ""] = path.split("/");
  if (root !== "packages" && root !== "examples") return root;
  return inside === "src" ? `${root}/${name}/src` : `${root}/${name}`;
}
