import type ts from "typescript";
import { importsOf } from "../support/imports-of.ts";
import { type Manifest, reportManifest } from "../support/manifest.ts";
import { report } from "../support/report.ts";
import { packageOf } from "./packages.ts";

/** Finds libraries outside the few packages that may know them: MikroORM and Keyv. */
export function libraryViolations(
  sources: readonly ts.SourceFile[],
  manifests: readonly Manifest[],
): string[] {
  return [
    ...sources.flatMap((file) =>
      importsOf(file).flatMap(({ node, specifier = "" }) =>
        complaintsOf(file.fileName, specifier).map((complaint) => report(node, complaint)),
      ),
    ),
    ...manifests.flatMap((manifest) =>
      needsOf(manifest).flatMap((need) =>
        complaintsOf(manifest.folder, need).map((complaint) =>
          reportManifest(manifest, need, complaint),
        ),
      ),
    ),
  ];
}

const libraries: readonly { readonly name: RegExp; readonly homes: readonly string[] }[] = [
  { name: /^@mikro-orm\//, homes: ["database", "sqlite", "postgresql", "mysql"] },
  { name: /^(@keyv\/|keyv(\/|$))/, homes: ["cache"] },
];

function complaintsOf(path: string, specifier: string): string[] {
  const from = packageOf(path) ?? "";
  return libraries
    .filter(({ name, homes }) => name.test(specifier) && !homes.includes(from))
    .map(({ homes }) => `uses "${specifier}", which only ${homes.join(", ")} may know`);
}

function needsOf({ json }: Manifest): string[] {
  return Object.keys({
    ...json.dependencies,
    ...json.optionalDependencies,
    ...json.peerDependencies,
  });
}
