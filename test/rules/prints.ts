import ts from "typescript";
import { isWrapper } from "../support/bare.ts";
import { checkerOf } from "../support/checker-of.ts";
import { importsOf } from "../support/imports-of.ts";
import { nodesOf } from "../support/nodes-of.ts";
import { report } from "../support/report.ts";
import { packageOf } from "./packages.ts";

/** Finds uses of the process's own console and output outside cli; a console given as an argument is fine. */
export function prints(sources: readonly ts.SourceFile[]): string[] {
  const checker = checkerOf(sources);
  return sources
    .filter(({ fileName }) => packageOf(fileName) !== "cli")
    .flatMap((file) => [
      ...nodesOf(file).filter((node) => isOutput(node, checker) && isTaken(node)),
      ...importsOf(file)
        .filter(({ specifier }) => specifier === "console" || specifier === "node:console")
        .map(({ node }) => node),
    ])
    .map((node) => report(node, `uses ${node.getText()}: only packages/cli prints`));
}

function isOutput(node: ts.Node, checker: ts.TypeChecker): boolean {
  if (ts.isPropertyAccessExpression(node)) {
    return /^(globalThis\.console|process\.std(out|err))$/.test(node.getText());
  }
  if (!ts.isIdentifier(node) || node.text !== "console") return false;
  return checker.getSymbolAtLocation(node) === undefined;
}

/** A member of it is read, or it gets another name; handing it to a function that looks at it prints nothing. */
function isTaken(node: ts.Node): boolean {
  let outer = node;
  while (isWrapper(outer.parent)) outer = outer.parent;
  const { parent } = outer;
  if (ts.isPropertyAccessExpression(parent) || ts.isElementAccessExpression(parent)) {
    return parent.expression === outer;
  }
  return ts.isVariableDeclaration(parent) || ts.isParameter(parent);
}
