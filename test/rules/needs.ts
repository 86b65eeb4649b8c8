import type ts from "typescript";
import { importsOf } from "../support/imports-of.ts";
import { type Manifest, reportManifest } from "../support/manifest.ts";
import { report } from "../support/report.ts";
import { mayImport, packageOf, scopedPackageOf } from "./packages.ts";

/** Finds `@af-tenancy/*` needs that are no peer dependencies, and any need of core. */
export function needViolations(
  manifests: readonly Manifest[],
  sources: readonly ts.SourceFile[],
): string[] {
  return manifests.flatMap((manifest) => [
    ...undeclared(manifest, sources),
    ...misplaced(manifest),
    ...againstArrows(manifest),
  ]);
}

function undeclared({ folder, json }: Manifest, sources: readonly ts.SourceFile[]): string[] {
  const own = sources.filter(({ fileName }) => packageOf(fileName) === packageOf(folder));
  return own.flatMap(importsOf).flatMap(({ node, specifier = "" }) => {
    const to = scopedPackageOf(specifier);
    if (to === undefined || json.peerDependencies?.[`@af-tenancy/${to}`] !== undefined) return [];
    return [report(node, `imports "${specifier}", which is no peer dependency of ${folder}`)];
  });
}

function misplaced(manifest: Manifest): string[] {
  const { dependencies, optionalDependencies } = manifest.json;
  return Object.keys({ ...dependencies, ...optionalDependencies })
    .filter((name) => name.startsWith("@af-tenancy/"))
    .map((name) => reportManifest(manifest, name, `needs "${name}" other than as a peer`));
}

function againstArrows(manifest: Manifest): string[] {
  const { dependencies, optionalDependencies, peerDependencies } = manifest.json;
  const name = packageOf(manifest.folder) ?? "";
  if (name === "core") {
    return Object.keys({ ...dependencies, ...optionalDependencies, ...peerDependencies }).map(
      (need) => reportManifest(manifest, need, `core needs "${need}": it may need nothing`),
    );
  }
  return Object.keys(peerDependencies ?? {})
    .filter((need) => {
      const to = scopedPackageOf(need);
      return to !== undefined && !mayImport(name).includes(to);
    })
    .map((need) => reportManifest(manifest, need, `${name} may not need "${need}"`));
}
