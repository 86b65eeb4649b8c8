import ts from "typescript";
import { bare } from "../../support/bare.ts";

/** Gives the text of a string or a number as it is written in code; `undefined` for everything else. */
export function literalOf(node: ts.Expression | undefined): string | undefined {
  const inner = node && bare(node);
  if (inner && (ts.isStringLiteralLike(inner) || ts.isNumericLiteral(inner))) return inner.text;
  return undefined;
}

/** Gives the members of a type that is one string or a union of strings. */
export function literalsOf(type: ts.TypeNode): string[] {
  if (ts.isUnionTypeNode(type)) return type.types.flatMap(literalsOf);
  if (ts.isLiteralTypeNode(type) && ts.isStringLiteral(type.literal)) return [type.literal.text];
  return [];
}
