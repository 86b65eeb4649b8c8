import ts from "typescript";
import { bare } from "../support/bare.ts";
import { nodesOf } from "../support/nodes-of.ts";
import { report } from "../support/report.ts";

/** Finds errors of the language that are thrown or rejected with, where a TenancyError with a code belongs. */
export function plainErrors(sources: readonly ts.SourceFile[]): string[] {
  return sources
    .flatMap((file) => nodesOf(file))
    .filter((node) => {
      const raised = raisedBy(node);
      return raised !== undefined && isPlainError(bare(raised));
    })
    .map((node) => report(node, "throws a plain error: throw a subclass of TenancyError"));
}

function raisedBy(node: ts.Node): ts.Expression | undefined {
  if (ts.isThrowStatement(node)) return node.expression;
  if (ts.isCallExpression(node) && node.expression.getText() === "Promise.reject") {
    return node.arguments[0];
  }
  return undefined;
}

function isPlainError(node: ts.Expression): boolean {
  if (!ts.isNewExpression(node) && !ts.isCallExpression(node)) return false;
  return /^(Type|Range|Syntax|Reference|Eval|URI)?Error$/.test(node.expression.getText());
}
