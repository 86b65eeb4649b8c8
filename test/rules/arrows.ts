import type ts from "typescript";
import { importsOf } from "../support/imports-of.ts";
import { report } from "../support/report.ts";
import { mayImport, packageOf, scopedPackageOf } from "./packages.ts";

/** Finds imports in package sources that go against the arrows: core alone, drivers to database, all to core. */
export function arrowViolations(sources: readonly ts.SourceFile[]): string[] {
  return sources.flatMap((file) => {
    const from = packageOf(file.fileName);
    if (from === undefined) return [];
    return importsOf(file).flatMap(({ node, specifier }) => {
      const complaint = from === "core" ? complainInCore(specifier) : complain(from, specifier);
      return complaint === undefined ? [] : [report(node, complaint)];
    });
  });
}

function complainInCore(specifier: string | undefined): string | undefined {
  if (specifier === undefined) return "core imports a module whose name is computed";
  if (/^(node:|\.\.?\/)/.test(specifier)) return undefined;
  return `core imports "${specifier}": it may import only node:* and its own files`;
}

function complain(from: string, specifier: string | undefined): string | undefined {
  const to = scopedPackageOf(specifier ?? "");
  if (to === undefined || mayImport(from).includes(to)) return undefined;
  return `${from} imports "${specifier}": of @af-tenancy it may import only ${mayImport(from).join(" and ")}`;
}
