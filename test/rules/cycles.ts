import { posix } from "node:path";
import type ts from "typescript";
import { importsOf } from "../support/imports-of.ts";
import { report } from "../support/report.ts";

/**
 * Finds files that import each other in a circle. Type-only imports are not followed: nothing of them is left at
 * run time, and contracts that speak of each other need them.
 */
export function importCycles(sources: readonly ts.SourceFile[]): string[] {
  const files = new Map(sources.map((file) => [file.fileName, file]));
  const done = new Set<string>();
  const found: string[] = [];

  const visit = (file: ts.SourceFile, trail: readonly string[]): void => {
    const path = [...trail, file.fileName];
    for (const { node, specifier, erased } of importsOf(file)) {
      if (erased || !specifier?.startsWith(".")) continue;
      const target = posix.join(posix.dirname(file.fileName), specifier);
      const next = files.get(target);
      if (path.includes(target)) {
        const circle = [...path.slice(path.indexOf(target)), target];
        found.push(report(node, `closes an import cycle: ${circle.join(" -> ")}`));
      } else if (next && !done.has(target)) {
        visit(next, path);
      }
    }
    done.add(file.fileName);
  };

  for (const file of sources) {
    if (!done.has(file.fileName)) visit(file, []);
  }
  return found;
}
