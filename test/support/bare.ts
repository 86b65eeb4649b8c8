import ts from "typescript";

/** Parentheses or a type assertion: something that changes what is seen of an expression, not what it is. */
export type Wrapper =
  | ts.ParenthesizedExpression
  | ts.AsExpression
  | ts.SatisfiesExpression
  | ts.NonNullExpression
  | ts.TypeAssertion;

/** Tells whether a node only wraps an expression. */
export function isWrapper(node: ts.Node): node is Wrapper {
  return (
    ts.isParenthesizedExpression(node) ||
    ts.isAsExpression(node) ||
    ts.isSatisfiesExpression(node) ||
    ts.isNonNullExpression(node) ||
    ts.isTypeAssertionExpression(node)
  );
}

/** Strips parentheses and type assertions from an expression. */
export function bare(node: ts.Expression): ts.Expression {
  return isWrapper(node) ? bare(node.expression) : node;
}
