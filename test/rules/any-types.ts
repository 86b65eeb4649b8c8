import ts from "typescript";
import { nodesOf } from "../support/nodes-of.ts";
import { report } from "../support/report.ts";

/** Finds every `any` written as a type: `unknown` says the same and is checked. */
export function anyTypes(sources: readonly ts.SourceFile[]): string[] {
  return sources
    .flatMap((file) => nodesOf(file))
    .filter(({ kind }) => kind === ts.SyntaxKind.AnyKeyword)
    .map((node) => report(node, "says any: say unknown, or the type"));
}
