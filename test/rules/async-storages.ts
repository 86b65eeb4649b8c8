import ts from "typescript";
import { nodesOf } from "../support/nodes-of.ts";
import { report } from "../support/report.ts";

/** Finds the places that make an AsyncLocalStorage, of which there is one. */
export function asyncStorages(sources: readonly ts.SourceFile[]): string[] {
  return sources
    .flatMap((file) => nodesOf(file))
    .filter(
      (node) => ts.isNewExpression(node) && /\bAsyncLocalStorage$/.test(node.expression.getText()),
    )
    .map((node) => report(node, "makes an AsyncLocalStorage"));
}
