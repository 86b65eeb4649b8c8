import ts from "typescript";
import { nodesOf } from "../../support/nodes-of.ts";
import type { Fact } from "./differences.ts";
import { literalOf } from "./literal-of.ts";
import { placeOf } from "./place-of.ts";

/** Lists the doctors' checks, which are objects with id, severity and remedy, each with the latter two. */
export function checkFacts(sources: readonly ts.SourceFile[]): Fact[] {
  return sources
    .flatMap((file) => nodesOf(file))
    .filter(ts.isObjectLiteralExpression)
    .filter((object) => ["id", "severity", "remedy"].every((name) => propertyOf(object, name)))
    .map((object) => {
      const [id, severity, remedy] = ["id", "severity", "remedy"].map((name) => {
        const value = propertyOf(object, name);
        return literalOf(value) ?? `(no readable ${name}: ${value?.getText()})`;
      });
      return { name: String(id), says: `${severity} ${remedy}`, at: placeOf(object) };
    });
}

function propertyOf(object: ts.ObjectLiteralExpression, name: string): ts.Expression | undefined {
  const found = object.properties
    .filter(ts.isPropertyAssignment)
    .find((property) => property.name.getText() === name);
  return found?.initializer;
}
