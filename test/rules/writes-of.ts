import ts from "typescript";
import { bare } from "../support/bare.ts";
import { nodesOf } from "../support/nodes-of.ts";

/** A place where the object behind a name is changed. */
export interface Write {
  readonly node: ts.Node;
  /** The name at the start: `a` in `a.b[0].c = 1`. */
  readonly target: ts.Identifier;
  /** Whether it is a call such as `a.push(1)`, of which only the name of the method is known. */
  readonly byMethod: boolean;
}

/** Finds every place of a file that changes a member of a named object. */
export function writesOf(file: ts.SourceFile): Write[] {
  return nodesOf(file).flatMap((node) => {
    if (ts.isBinaryExpression(node) && isAssignment(node)) {
      return membersIn(node.left).flatMap((member) => writeOf(node, member));
    }
    if (ts.isPrefixUnaryExpression(node) || ts.isPostfixUnaryExpression(node)) {
      return counters.includes(node.operator)
        ? membersIn(node.operand).flatMap((member) => writeOf(node, member))
        : [];
    }
    if (ts.isDeleteExpression(node)) return writeOf(node, node.expression);
    if (ts.isCallExpression(node)) return writesOfCall(node);
    return [];
  });
}

const counters: readonly ts.SyntaxKind[] = [
  ts.SyntaxKind.PlusPlusToken,
  ts.SyntaxKind.MinusMinusToken,
];

const methods =
  /^(push|pop|shift|unshift|splice|sort|reverse|fill|copyWithin|set|add|delete|clear)$/;

const reflection =
  /^(Object\.(assign|define\w+|setPrototypeOf)|Reflect\.(set\w*|define\w+|delete\w+))$/;

function isAssignment({ operatorToken }: ts.BinaryExpression): boolean {
  return (
    operatorToken.kind >= ts.SyntaxKind.FirstAssignment &&
    operatorToken.kind <= ts.SyntaxKind.LastAssignment
  );
}

/** The members assigned to: the expression itself, or those within a destructuring pattern. */
function membersIn(left: ts.Expression): ts.Expression[] {
  const target = bare(left);
  if (isMember(target)) return [target];
  if (!ts.isArrayLiteralExpression(target) && !ts.isObjectLiteralExpression(target)) return [];
  return nodesOf(target, (node) => !isMember(node.parent)).filter(isMember);
}

function writesOfCall(node: ts.CallExpression): Write[] {
  const callee = bare(node.expression);
  const [first] = node.arguments;
  if (first && reflection.test(callee.getText())) return writeOf(node, first);
  if (!ts.isPropertyAccessExpression(callee) || !methods.test(callee.name.text)) return [];
  return writeOf(node, callee.expression, true);
}

function writeOf(node: ts.Node, changed: ts.Expression, byMethod = false): Write[] {
  let target = bare(changed);
  while (isMember(target)) target = bare(target.expression);
  return ts.isIdentifier(target) ? [{ node, target, byMethod }] : [];
}

function isMember(node: ts.Node): node is ts.PropertyAccessExpression | ts.ElementAccessExpression {
  return ts.isPropertyAccessExpression(node) || ts.isElementAccessExpression(node);
}
