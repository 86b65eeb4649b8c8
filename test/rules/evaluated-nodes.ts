import ts from "typescript";
import { nodesOf } from "../support/nodes-of.ts";

/** Lists what a module evaluates while it loads: function bodies and instance members are left out. */
export function evaluatedNodes(file: ts.SourceFile): readonly ts.Node[] {
  return nodesOf(file, (node) => !isDeferred(node));
}

function isDeferred(node: ts.Node): boolean {
  if (hasModifier(node, ts.SyntaxKind.DeclareKeyword)) return true;
  if (ts.isPropertyDeclaration(node)) return !hasModifier(node, ts.SyntaxKind.StaticKeyword);
  return ts.isFunctionLike(node) && !isCalledAtOnce(node);
}

/** A function that is called where it stands, such as `(() => new Map())()`, runs while the module loads. */
function isCalledAtOnce(node: ts.Node): boolean {
  let outer = node;
  while (ts.isParenthesizedExpression(outer.parent)) outer = outer.parent;
  return ts.isCallExpression(outer.parent) && outer.parent.expression === outer;
}

function hasModifier(node: ts.Node, kind: ts.SyntaxKind): boolean {
  if (!ts.canHaveModifiers(node)) return false;
  return ts.getModifiers(node)?.some((modifier) => modifier.kind === kind) ?? false;
}
