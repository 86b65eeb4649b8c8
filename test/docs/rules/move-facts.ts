import ts from "typescript";
import { bare } from "../../support/bare.ts";
import { nodesOf } from "../../support/nodes-of.ts";
import type { Fact } from "./differences.ts";
import { literalOf } from "./literal-of.ts";
import { placeOf } from "./place-of.ts";

/** Lists the statuses of the table `statusMoves`, each with what it can become, as a page says it. */
export function moveFacts(sources: readonly ts.SourceFile[]): Fact[] {
  return sources
    .flatMap((file) => nodesOf(file))
    .filter(ts.isVariableDeclaration)
    .filter(({ name }) => name.getText() === "statusMoves")
    .flatMap(({ initializer }) => propertiesOf(initializer))
    .map((row) => ({
      name: row.name.getText(),
      says: propertiesOf(row.initializer).map(saidMove).join(", ") || nothing,
      at: placeOf(row),
    }));
}

const nothing = "nothing: it is being removed";

function saidMove({ name, initializer }: ts.PropertyAssignment): string {
  return `\`${name.getText()}\` (\`${literalOf(initializer)}\`)`;
}

/** Reads through `Object.freeze(...)`, `as const` and `satisfies`. */
function propertiesOf(node: ts.Expression | undefined): ts.PropertyAssignment[] {
  const inner = node && bare(node);
  if (inner === undefined) return [];
  if (ts.isCallExpression(inner)) return propertiesOf(inner.arguments[0]);
  if (!ts.isObjectLiteralExpression(inner)) return [];
  return inner.properties.filter(ts.isPropertyAssignment);
}
