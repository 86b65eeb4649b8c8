import ts from "typescript";
import { nodesOf } from "../support/nodes-of.ts";
import { report } from "../support/report.ts";

/** Finds `enterWith`, which leaks a tenant into whatever runs next on the same connection. */
export function enterWithUses(sources: readonly ts.SourceFile[]): string[] {
  return sources
    .flatMap((file) => nodesOf(file))
    .filter((node) => (ts.isIdentifier(node) || ts.isStringLiteralLike(node)) && isName(node.text))
    .map((node) => report(node, "uses enterWith: enter a scope with run"));
}

function isName(text: string): boolean {
  return text === "enterWith";
}
