import ts from "typescript";
import { nodesOf } from "../../support/nodes-of.ts";
import type { Fact } from "./differences.ts";
import { literalOf } from "./literal-of.ts";
import { placeOf } from "./place-of.ts";

/** Lists the diagnostics channels that sources open. */
export function channelFacts(sources: readonly ts.SourceFile[]): Fact[] {
  return sources
    .flatMap((file) => nodesOf(file))
    .filter(ts.isCallExpression)
    .filter(({ expression }) => /(^|\.)(tracingC|c)hannel$/.test(expression.getText()))
    .map((call) => ({
      name: literalOf(call.arguments[0]) ?? call.getText(),
      says: "",
      at: placeOf(call),
    }));
}
