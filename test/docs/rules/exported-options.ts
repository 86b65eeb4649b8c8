import ts from "typescript";
import { nodesOf } from "../../support/nodes-of.ts";

/** Lists the names ending in `Options` that a package's table of contents exports. */
export function exportedOptions(index: ts.SourceFile): string[] {
  return nodesOf(index)
    .filter(ts.isExportSpecifier)
    .map(({ name }) => name.text)
    .filter((name) => name.endsWith("Options"));
}
